import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { ApplyChange } from './apply-change.js';
import type { ConnectionView } from './connection-row.repository.js';
import { ConnectionsRepository } from './connections.repository.js';
import { decideUpdate } from './decide-update.js';
import { parseRoleArn } from './parse-role-arn.js';
import { SystemPlatformPrincipalRepository } from './system-platform-principal.repository.js';

export interface UpdateConnectionInput {
  name?: string | undefined;
  /** As pasted. */
  roleArn?: string | undefined;
  sessionDurationSeconds?: number | undefined;
  capacityShare?: number | undefined;
  fallbackConnectionId?: string | null | undefined;
  paused?: boolean | undefined;
  /** `key:<id>`, `user:<id>` or `system`. */
  actor: string;
}

/** Changes a connection. A new role stops sending until it is proven; everything else goes on meanwhile. */
@Injectable()
export class UpdateConnection {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(SystemPlatformPrincipalRepository) private readonly platform: SystemPlatformPrincipalRepository,
    @Inject(ApplyChange) private readonly applyChange: ApplyChange,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `connection.not_found`, `connection.changed`, `role_arn.*` and those of decideUpdate() */
  async execute(
    projectId: string,
    connectionId: string,
    input: UpdateConnectionInput,
  ): Promise<ConnectionView> {
    const view = await this.connections.view(projectId, connectionId);
    const { connection } = view;
    const { roleArn, actor, ...rest } = input;
    const role =
      roleArn === undefined ? undefined : parseRoleArn(roleArn, await this.arnContext(connection.region));
    await this.requireFallback(projectId, rest.fallbackConnectionId);
    const change = decideUpdate(connection, view.checks, { ...rest, role }, actor, this.clock.now());
    if (change === undefined) return view;
    await this.applyChange.execute(projectId, connection, change);
    return this.connections.view(projectId, connectionId);
  }

  /** Another project's connection is no fallback, and looks like one that does not exist. */
  private async requireFallback(projectId: string, fallbackId: string | null | undefined): Promise<void> {
    if (fallbackId === undefined || fallbackId === null) return;
    const known = await this.connections.list(projectId);
    if (known.some(({ connection }) => connection.id === fallbackId && connection.status !== 'disconnected'))
      return;
    throw new AppError({
      code: 'connection.unknown_fallback',
      kind: 'invalid',
      field: 'fallback_connection_id',
      message: 'Invalid `fallback_connection_id` field. This project has no such connection.',
    });
  }

  private async arnContext(region: string): Promise<{ region: string; platformAccountId: string | null }> {
    const { principal } = await this.platform.read();
    return { region, platformAccountId: principal?.awsAccountId ?? null };
  }
}
