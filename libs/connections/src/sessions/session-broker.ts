import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import {
  connectionNotFound,
  epochPassed,
  notUsable,
  roleNotAssumable,
  sessionUnavailable,
} from '../connection-errors.js';
import { hasRole, provenStatuses, sendingStatuses, type RoleConnection } from '../connection.js';
import type { Purpose } from '../kit/permissions.js';
import { purgeTopic, readPurge, writePurge } from '../purge-notice.js';
import { SystemConnectionsRepository } from '../system-connections.repository.js';
import { IssueSession } from './issue-session.js';
import { RejectionMeter } from './rejection-meter.js';
import { SessionMemory, type RememberedSession } from './session-memory.js';
import { isUsable } from './session-times.js';
import { SessionVault } from './session-vault.js';
import type { BrokeredSession, SessionRow } from './session.js';
import { SystemSessionsRepository } from './system-sessions.repository.js';

/** Between two looks for a newer generation while the old one is past its refresh time. */
const lookEveryMs = 5_000;
const touchEveryMs = 60_000;
/** How long to wait for another process that asks STS: longer than its lease. */
const patienceMs = 25_000;

/**
 * The only way to get credentials. Order: memory, sealed row, STS; one AssumeRole per connection, purpose and
 * lifetime for the whole fleet (a lease in the row), and one load at a time in this process.
 */
@Injectable()
export class SessionBroker {
  private readonly memory = new SessionMemory();
  private readonly loading = new Map<string, Promise<RememberedSession>>();
  private readonly rejections = new RejectionMeter();

  constructor(
    @Inject(SystemSessionsRepository) private readonly sessions: SystemSessionsRepository,
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(IssueSession) private readonly issueSession: IssueSession,
    @Inject(SessionVault) private readonly vault: SessionVault,
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'send' | 'on' | 'onGap'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    broadcast.on(purgeTopic, (message) => {
      const notice = readPurge(message);
      if (notice === undefined) this.memory.forgetAll();
      else this.memory.forget(notice);
    });
    broadcast.onGap(() => this.memory.forgetAll());
  }

  /**
   * Credentials that stay valid for at least 30 s.
   *
   * @param expectedEpoch the connection's epoch as the caller's claim read it. With it, a session in memory costs no
   *   SQL, and one of another epoch is never returned. Without it, the connection is read each time.
   * @throws AppError `connection.not_usable`, `connection.epoch_passed`, `connection.role_not_assumable`,
   *   `connection.session_unavailable`; all of kind `unavailable`
   */
  async for(connectionId: string, purpose: Purpose, expectedEpoch?: number): Promise<BrokeredSession> {
    const known = expectedEpoch === undefined ? await this.usable(connectionId, purpose) : undefined;
    const epoch = expectedEpoch ?? known?.credentialEpoch;
    const remembered = this.memory.get(connectionId, purpose);
    if (remembered !== undefined && remembered.session.epoch === epoch && this.isFresh(remembered)) {
      return this.used(remembered);
    }
    const key = `${connectionId}/${purpose}/${epoch}`;
    const running = this.loading.get(key);
    if (running !== undefined) return (await running).session;
    const load = this.load(connectionId, purpose, epoch, known).finally(() => this.loading.delete(key));
    this.loading.set(key, load);
    return this.used(await load);
  }

  /**
   * SES said that these credentials are expired or unknown: nobody gets this generation again, and the next `for`
   * makes a new one. Reports of a generation that is no longer current change nothing.
   */
  async reportRejected(connectionId: string, purpose: Purpose, generation: number): Promise<void> {
    this.memory.forget({ connectionId, purpose, generation });
    const retryAt = this.rejections.pauseAfter(`${connectionId}/${purpose}`, this.clock.nowMs());
    if (!(await this.sessions.discard(connectionId, purpose, generation, retryAt))) return;
    await this.broadcast.send(purgeTopic, writePurge({ connectionId, purpose, generation }));
  }

  /** How many sessions of a connection this process holds. */
  remembered(connectionId: string): number {
    return this.memory.count(connectionId);
  }

  private isFresh(entry: RememberedSession): boolean {
    const nowMs = this.clock.nowMs();
    if (nowMs < entry.refreshAtMs) return true;
    return isUsable(entry.session.expiresAt, nowMs) && nowMs < entry.nextLookMs;
  }

  private async used(entry: RememberedSession): Promise<BrokeredSession> {
    const { session } = entry;
    const nowMs = this.clock.nowMs();
    if (nowMs - entry.touchedMs >= touchEveryMs) {
      entry.touchedMs = nowMs;
      await this.sessions.touch(session.connectionId, session.purpose, new Date(nowMs));
    }
    return session;
  }

  private async load(
    connectionId: string,
    purpose: Purpose,
    epoch: number | undefined,
    known?: RoleConnection,
  ): Promise<RememberedSession> {
    const purges = this.memory.purges;
    const connection = known ?? (await this.usable(connectionId, purpose));
    if (connection.credentialEpoch !== epoch) throw epochPassed();
    const entry = await this.obtain(connection, purpose);
    if (this.memory.purges === purges) this.memory.put(entry);
    return entry;
  }

  private async obtain(connection: RoleConnection, purpose: Purpose): Promise<RememberedSession> {
    for (let waitedMs = 0, pauseMs = 25; ; waitedMs += pauseMs, pauseMs = Math.min(200, pauseMs * 2)) {
      const row = await this.sessions.read(connection.id, purpose);
      const ready = row && this.fromRow(connection, purpose, row);
      if (ready !== undefined) return ready;
      this.refuseWhileFailing(row);
      if (row?.isLeased !== true) {
        const issued = await this.issueSession.execute(connection, purpose, row?.generation ?? 0, true);
        if (issued !== undefined) return this.remember(issued.session, issued.refreshAt);
      }
      if (waitedMs >= patienceMs) throw sessionUnavailable('Timeout', 1_000);
      await wait(pauseMs);
    }
  }

  /** The session of a row, as the very object that this process already knows, if it does. */
  private fromRow(
    connection: RoleConnection,
    purpose: Purpose,
    row: SessionRow,
  ): RememberedSession | undefined {
    const { sealedCredentials, expiresAt, refreshAt, generation, epoch } = row;
    if (sealedCredentials === null || expiresAt === null || epoch !== connection.credentialEpoch)
      return undefined;
    if (!isUsable(expiresAt, this.clock.nowMs())) return undefined;
    const same = this.memory.get(connection.id, purpose);
    if (same?.session.epoch === epoch && same.session.generation === generation) {
      same.nextLookMs = this.clock.nowMs() + lookEveryMs;
      return same;
    }
    const credentials = this.vault.open(connection.id, purpose, sealedCredentials);
    if (credentials === undefined) return undefined;
    const { id: connectionId, region } = connection;
    return this.remember(
      { connectionId, purpose, region, credentials, generation, epoch, expiresAt },
      refreshAt ?? expiresAt,
    );
  }

  private remember(session: BrokeredSession, refreshAt: Date): RememberedSession {
    return {
      session,
      refreshAtMs: refreshAt.getTime(),
      nextLookMs: this.clock.nowMs() + lookEveryMs,
      touchedMs: 0,
    };
  }

  private refuseWhileFailing(row: SessionRow | undefined): void {
    const waitMs = (row?.retryAt?.getTime() ?? 0) - this.clock.nowMs();
    if (row === undefined || row.failureCode === null || waitMs <= 0) return;
    throw row.failureCode.startsWith('AccessDenied')
      ? roleNotAssumable(waitMs)
      : sessionUnavailable(row.failureCode, waitMs);
  }

  /** Sending needs a connection that sends; what only reads or configures also works while it is paused. */
  private async usable(connectionId: string, purpose: Purpose): Promise<RoleConnection> {
    const connection = await this.connections.find(connectionId);
    if (connection === null) throw connectionNotFound();
    const allowed = purpose === 'send' ? sendingStatuses : provenStatuses;
    // `verifying` gives none: either the role was never proven, or it has changed since.
    if (!allowed.includes(connection.status) || !hasRole(connection)) throw notUsable(connection.status);
    return connection;
  }
}
