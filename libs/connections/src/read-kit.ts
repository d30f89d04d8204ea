import { Inject, Injectable } from '@nestjs/common';
import { platformUnknown } from './connection-errors.js';
import { ConnectionsRepository } from './connections.repository.js';
import { buildKit, type Kit, type KitOptions } from './kit/build-kit.js';
import { fromPattern } from './kit/from-pattern.js';
import { parseSourceIps } from './kit/source-ips.js';
import { SystemPlatformPrincipalRepository } from './system-platform-principal.repository.js';

export type ReadKitOptions = Omit<KitOptions, 'sourceIps'> & { sourceIp?: string | undefined };

/** Everything a customer needs to make the role, ready to paste. */
@Injectable()
export class ReadKit {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(SystemPlatformPrincipalRepository) private readonly platform: SystemPlatformPrincipalRepository,
  ) {}

  /**
   * @param options `sourceIp`: addresses or CIDR blocks, with commas between them
   * @throws AppError `connection.not_found`, `platform.principal_unknown`, `kit.bad_from`, `kit.bad_source_ip`, `kit.bad_template_url`
   */
  async execute(projectId: string, connectionId: string, options: ReadKitOptions): Promise<Kit> {
    const connection = await this.connections.get(projectId, connectionId);
    const { principal } = await this.platform.read();
    if (principal === null) throw platformUnknown();
    const from = options.from === undefined ? undefined : fromPattern(options.from);
    const sourceIps = options.sourceIp === undefined ? undefined : parseSourceIps(options.sourceIp);
    return buildKit(connection, principal, { ...options, from, sourceIps });
  }
}
