import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { Database } from '#libs/database';
import { appendAudit } from './audit.repository.js';
import type { ConnectionChange } from './connection-change.js';
import { notYetChecked } from './checks.js';
import { changedMeanwhile } from './connection-errors.js';
import type { Connection } from './connection.js';

/** Applies decisions to a connection, each in one transaction with its audit entry. */
@Injectable()
export class ConnectionChangesRepository {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param seen the connection that the decision was made on
   * @throws AppError `connection.changed` when its role, external IDs or state are no longer what was seen
   */
  async apply(projectId: string, seen: Connection, change: ConnectionChange): Promise<void> {
    const { id } = seen;
    await this.database.prisma.$transaction(async (tx) => {
      const { count } = await tx.connection.updateMany({
        where: {
          id,
          projectId,
          status: seen.status,
          roleArn: seen.roleArn,
          externalId: seen.externalId,
          pendingExternalId: seen.pendingExternalId,
          requestedSessionSeconds: seen.requestedSessionSeconds,
          isPaused: seen.isPaused,
          credentialEpoch: seen.credentialEpoch,
        },
        data: { ...change.set, ...(change.withdraw !== undefined && { credentialEpoch: { increment: 1 } }) },
      });
      if (count === 0) throw changedMeanwhile();
      if (change.withdraw === 'delete')
        await tx.connectionSession.deleteMany({ where: { connectionId: id } });
      if (change.withdraw === 'blank') {
        await tx.connectionSession.updateMany({ where: { connectionId: id }, data: blankSession });
      }
      if (change.refreshSessions === true) {
        await tx.connectionSession.updateMany({
          where: { connectionId: id, sealedCredentials: { not: null } },
          data: { refreshAt: this.clock.now(), retryAt: null },
        });
      }
      // Forgiven: what was counted until now is not held against it.
      if (change.set.reputationFrom !== undefined)
        await tx.reputationHour.deleteMany({ where: { connectionId: id } });
      if (change.checks === 'forget') await tx.connectionCheck.deleteMany({ where: { connectionId: id } });
      if (change.checks === 'restart') {
        await tx.$executeRaw`
          UPDATE connection_checks SET outcome = 'pending', side = NULL, detail = ${notYetChecked}, remedy = NULL, paste = NULL, checked_at = NULL
          WHERE connection_id = ${id}::uuid`;
      }
      if (change.wakeLaneAt !== undefined) {
        await tx.$executeRaw`UPDATE lanes SET wake_at = LEAST(COALESCE(wake_at, 'infinity'), ${change.wakeLaneAt}) WHERE connection_id = ${id}::uuid`;
      }
      for (const note of change.audit) await appendAudit(tx, projectId, id, note, this.clock.now());
    });
  }
}

/** No credentials, no lease, no memory of failures; the generation goes on counting. */
const blankSession = {
  sealedCredentials: null,
  grantedSeconds: null,
  refreshedAt: null,
  refreshAt: null,
  expiresAt: null,
  leaseOwner: null,
  leaseUntil: null,
  failureCode: null,
  failureMessage: null,
  retryAt: null,
};
