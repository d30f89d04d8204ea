import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure } from '#libs/aws';
import { Clock, newId } from '#libs/crypto';
import type { AppError } from '#libs/errors';
import { epochPassed, roleNotAssumable, sessionUnavailable } from '../connection-errors.js';
import type { RoleConnection } from '../connection.js';
import type { Purpose } from '../kit/permissions.js';
import { AssumeRole, type GrantedRole } from './assume-role.js';
import { SessionAftermath } from './session-aftermath.js';
import { refreshTime, retryTime } from './session-times.js';
import { SessionVault } from './session-vault.js';
import type { BrokeredSession } from './session.js';
import { judgeSts } from './sts-failure.js';
import { SystemSessionsRepository } from './system-sessions.repository.js';

export interface IssuedSession {
  session: BrokeredSession;
  refreshAt: Date;
}

/** Makes the next generation of a session: lease, STS, store. No transaction is open while STS is asked. */
@Injectable()
export class IssueSession {
  constructor(
    @Inject(SystemSessionsRepository) private readonly sessions: SystemSessionsRepository,
    @Inject(AssumeRole) private readonly assumeRole: AssumeRole,
    @Inject(SessionVault) private readonly vault: SessionVault,
    @Inject(SessionAftermath) private readonly aftermath: SessionAftermath,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param seenGeneration the generation that is to be followed; 0 when there is no row
   * @returns undefined when somebody else makes it, or has just made it: read the row again
   * @throws AppError `connection.epoch_passed`, `connection.role_not_assumable`, `connection.session_unavailable`
   */
  async execute(
    connection: RoleConnection,
    purpose: Purpose,
    seenGeneration: number,
    isForUse: boolean,
  ): Promise<IssuedSession | undefined> {
    const owner = newId();
    const lease = await this.sessions.acquire(
      connection.id,
      purpose,
      connection.credentialEpoch,
      seenGeneration,
      owner,
    );
    if (lease === 'withdrawn') throw epochPassed();
    if (lease === 'busy') return undefined;
    let role: GrantedRole;
    try {
      role = await this.askSts(connection, purpose);
    } catch (error) {
      throw await this.failed(connection, purpose, owner, error);
    }
    const now = this.clock.now();
    const { credentials } = role;
    const { expiresAt } = credentials;
    const refreshAt = refreshTime(now.getTime(), expiresAt.getTime(), Math.random());
    const generation = await this.sessions.store(connection.id, purpose, connection.credentialEpoch, owner, {
      sealedCredentials: this.vault.seal(connection.id, purpose, credentials),
      grantedSeconds: role.grantedSeconds,
      refreshedAt: now,
      refreshAt,
      expiresAt,
      usedAt: isForUse ? now : null,
    });
    // Lease or epoch were lost meanwhile: these credentials are dropped, and the row says what counts.
    if (generation === undefined) return undefined;
    await this.aftermath.issued(connection, purpose, generation, role);
    const session = {
      connectionId: connection.id,
      purpose,
      region: connection.region,
      credentials,
      generation,
      epoch: connection.credentialEpoch,
      expiresAt,
    };
    return { session, refreshAt };
  }

  /** A customer may replace the old external ID by the pending one at any moment: a refusal of one tries the other. */
  private async askSts(connection: RoleConnection, purpose: Purpose): Promise<GrantedRole> {
    const { externalId, pendingExternalId } = connection;
    // What was found out about the role's maximum is not asked again each time; the checks ask.
    const known = connection.sessionReason === null ? null : connection.grantedSessionSeconds;
    const durationSeconds = known ?? connection.requestedSessionSeconds;
    try {
      const role = await this.assumeRole.negotiate(connection, { purpose, externalId, durationSeconds });
      return { ...role, reason: role.reason ?? (known === null ? null : connection.sessionReason) };
    } catch (failure) {
      const isDenied = failure instanceof AwsFailure && judgeSts(failure) === 'denied';
      if (!isDenied || pendingExternalId === null) throw failure;
      return this.assumeRole.negotiate(connection, {
        purpose,
        externalId: pendingExternalId,
        durationSeconds,
      });
    }
  }

  private async failed(
    connection: RoleConnection,
    purpose: Purpose,
    owner: string,
    error: unknown,
  ): Promise<AppError | unknown> {
    const isDenied = error instanceof AwsFailure && judgeSts(error) === 'denied';
    const nowMs = this.clock.nowMs();
    const retryAt = retryTime(nowMs, isDenied, Math.random());
    const code = error instanceof AwsFailure ? error.code : 'Unexpected';
    const message = error instanceof Error ? error.message : '';
    await this.sessions.storeFailure(connection.id, purpose, owner, { code, message, retryAt });
    if (!(error instanceof AwsFailure)) return error;
    await this.aftermath.refused(connection, purpose, code, isDenied);
    const waitMs = retryAt.getTime() - nowMs;
    return isDenied ? roleNotAssumable(waitMs, error) : sessionUnavailable(code, waitMs, error);
  }
}
