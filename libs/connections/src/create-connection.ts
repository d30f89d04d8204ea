import { Inject, Injectable } from '@nestjs/common';
import { isSesRegion, partitionOfRegion, sesRegions } from '#libs/aws';
import { Clock, newExternalId, newId } from '#libs/crypto';
import { AppError } from '#libs/errors';
import type { ConnectionView } from './connection-row.repository.js';
import { ConnectionsRepository } from './connections.repository.js';
import { partitionOfArn } from './platform-principal.js';
import { SystemPlatformPrincipalRepository } from './system-platform-principal.repository.js';

export interface CreateConnectionInput {
  name?: string | undefined;
  region: string;
  /** `key:<id>`, `user:<id>` or `system`. */
  actor: string;
}

/** Makes a connection that waits for its role. The external ID is ours: nobody chooses, edits or reuses one. */
@Injectable()
export class CreateConnection {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(SystemPlatformPrincipalRepository) private readonly platform: SystemPlatformPrincipalRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `connection.unknown_region`, `connection.unreachable_region`, `project.not_found` */
  async execute(projectId: string, { name, region, actor }: CreateConnectionInput): Promise<ConnectionView> {
    if (!isSesRegion(region)) {
      throw new AppError({
        code: 'connection.unknown_region',
        kind: 'invalid',
        message: `"${region}" is not a region with Amazon SES.`,
        field: 'region',
        remedy: `One of: ${sesRegions.join(', ')}.`,
      });
    }
    const { principal } = await this.platform.read();
    if (principal !== null && partitionOfArn(principal.arn) !== partitionOfRegion(region)) {
      throw new AppError({
        code: 'connection.unreachable_region',
        kind: 'invalid',
        message: `This installation runs in AWS partition ${partitionOfArn(principal.arn)} and cannot assume roles for ${region}.`,
        field: 'region',
        remedy: 'Choose a region of the same partition; other partitions need an installation of their own.',
      });
    }
    const createdAt = this.clock.now();
    const id = newId(createdAt.getTime());
    const connection = { id, name: name ?? `SES ${region}`, region, externalId: newExternalId(), createdAt };
    await this.connections.insert(projectId, connection, {
      actor,
      action: 'connection.created',
      data: { region },
    });
    return this.connections.view(projectId, id);
  }
}
