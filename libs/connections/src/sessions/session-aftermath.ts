import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { provenStatuses, type RoleConnection } from '../connection.js';
import type { Purpose } from '../kit/permissions.js';
import { SystemConnectionsRepository } from '../system-connections.repository.js';
import type { GrantedRole } from './assume-role.js';
import { sessionName } from './session-name.js';

/** What an answer of STS means for everybody else: audit, known duration, checks. */
@Injectable()
export class SessionAftermath {
  constructor(
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async issued(
    connection: RoleConnection,
    purpose: Purpose,
    generation: number,
    role: GrantedRole,
  ): Promise<void> {
    const { grantedSeconds, reason, credentials, stsRegion } = role;
    const facts = { purpose, generation, grantedSeconds };
    this.logger.info('session.issued', {
      projectId: connection.projectId,
      connectionId: connection.id,
      ...facts,
    });
    await this.connections.audit(
      connection,
      {
        actor: 'system',
        action: 'session.issued',
        // What finds the other side of it in the customer's CloudTrail; the key id without its secret opens nothing.
        data: {
          ...facts,
          roleArn: connection.roleArn,
          roleSessionName: sessionName(purpose, connection.projectId, connection.id),
          accessKeyId: credentials.accessKeyId,
          stsRegion,
        },
      },
      this.clock.now(),
    );
    if (connection.grantedSessionSeconds !== grantedSeconds || connection.sessionReason !== reason) {
      await this.connections.recordDuration(connection, grantedSeconds, reason);
    }
  }

  /** A role that was proven and now refuses is diagnosed by the checks, which decide whether it is broken. */
  async refused(
    connection: RoleConnection,
    purpose: Purpose,
    code: string,
    isDenied: boolean,
  ): Promise<void> {
    this.logger.warn('session.refused', {
      projectId: connection.projectId,
      connectionId: connection.id,
      purpose,
      code,
    });
    await this.connections.audit(
      connection,
      { actor: 'system', action: 'session.refused', data: { purpose, code } },
      this.clock.now(),
    );
    if (!isDenied || !provenStatuses.includes(connection.status)) return;
    await this.connections.checkSoon(connection.id, this.clock.now());
    try {
      await this.jobs.add('connection.check', { connectionId: connection.id });
    } catch (error) {
      // next_check_at stands: the ticker will find it.
      this.logger.warn('connection.announcement_failed', { connectionId: connection.id, error });
    }
  }
}
