import { Inject, Injectable } from '@nestjs/common';
import { platformUnknown } from './connection-errors.js';
import { ConnectionsRepository } from './connections.repository.js';
import { buildKit, type Kit, type KitOptions } from './kit/build-kit.js';
import { fromPattern } from './kit/from-pattern.js';
import { SystemPlatformPrincipalRepository } from './system-platform-principal.repository.js';

/** Everything a customer needs to make the role, ready to paste. */
@Injectable()
export class ReadKit {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(SystemPlatformPrincipalRepository) private readonly platform: SystemPlatformPrincipalRepository,
  ) {}

  /** @throws AppError `connection.not_found`, `platform.principal_unknown`, `kit.bad_from`, `kit.bad_template_url` */
  async execute(projectId: string, connectionId: string, options: KitOptions): Promise<Kit> {
    const connection = await this.connections.get(projectId, connectionId);
    const { principal } = await this.platform.read();
    if (principal === null) throw platformUnknown();
    const from = options.from === undefined ? undefined : fromPattern(options.from);
    return buildKit(connection, principal, { ...options, from });
  }
}
