import type { BrokeredSession } from '#libs/connections';
import { newId } from '#libs/crypto';
import { bytesOf, ClaimSender } from './claim-sender.js';
import type { Verdict } from './classify.js';
import { delay } from './delay.js';
import { RECOVERY_PER_SECOND, type Claim, type DrainRepository, type LaneState } from './drain.repository.js';
import type { FollowQuota } from './follow-quota.js';
import { LaneCondition, QUOTA_RETRY_MS } from './lane-condition.js';
import type { Pace } from './pace.js';
import { MAX_BYTES_PER_CLAIM, type SendTools } from './send-tools.js';
import type { SystemSesAccountRepository } from './system-ses-account.repository.js';
import { isPaced } from './urgent-first.js';

/** Whether SES's rate holds the lane, as its last claim showed; unknown before the first. */
type Flow = 'unknown' | 'paced' | 'unpaced';

export type SendableLane = LaneState & { sesAccountId: string };

export interface SliceContext {
  tools: SendTools;
  repository: DrainRepository;
  accounts: SystemSesAccountRepository;
  followQuota: FollowQuota;
}

/** How a round of a lane's turn ended. */
export interface SliceResult {
  /** How long the SES account has no room, in milliseconds. */
  blockedMs: number;
  /** Whether a failure or the end of the process cut it short: what was learned should be heard before going on. */
  isHalted: boolean;
  /** Resolves when the last answer is in, with what was learned from all of them. The lane need not wait for it. */
  settled: Promise<{ restMs: number; trouble: number }>;
}

/** One round of a lane's turn: claims, sends at the pace it was given, records; the next claim is fetched while one is sent. */
export class Slice {
  private blockedMs = 0;
  /** Aborts when the process stops or the lane must: claimed mail that has not left goes back untouched. */
  private readonly halt = new AbortController();
  private readonly stop = () => this.halt.abort();
  private readonly condition: LaneCondition;
  private readonly sender: ClaimSender;
  private readonly pace: Pace;
  private readonly sending = new Set<Promise<void>>();
  private quotaCheck: Promise<boolean> = Promise.resolve(false);

  constructor(
    private readonly context: SliceContext,
    private readonly connectionId: string,
    private readonly lane: SendableLane,
    private readonly session: BrokeredSession,
    /** When the lane's turn is over (performance.now). */
    private readonly deadline: number,
    /** Whether the lane has not been seen to have a backlog yet: what to call when it has. */
    private readonly onBacklog: () => void,
    private readonly stopping: AbortSignal,
  ) {
    if (stopping.aborted) this.halt.abort();
    stopping.addEventListener('abort', this.stop);
    this.condition = new LaneCondition(lane.trouble);
    const observer = {
      succeeded: () => this.condition.succeeded(),
      failed: (action: Verdict['action']) => this.failed(action),
    };
    this.pace = context.tools.paceOf(connectionId);
    this.sender = new ClaimSender(
      context.tools,
      connectionId,
      lane,
      session,
      this.pace,
      this.halt.signal,
      observer,
    );
  }

  /** Sends until the lane is empty, blocked, or the turn is over; comes back as soon as the last mail has left. */
  async run(): Promise<SliceResult> {
    // Beside the sending, not before it: a mail does not wait for GetAccount.
    if (this.lane.isQuotaOld)
      this.quotaCheck = this.context.followQuota.execute(this.lane.sesAccountId, this.session);
    try {
      await this.sendWhatIsDue();
    } finally {
      // The signal lives as long as the process: what listens to it would, too.
      void Promise.allSettled(this.sending).then(() => this.stopping.removeEventListener('abort', this.stop));
    }
    return { blockedMs: this.blockedMs, isHalted: this.halt.signal.aborted, settled: this.settle() };
  }

  private async settle(): Promise<{ restMs: number; trouble: number }> {
    await Promise.all([...this.sending, this.quotaCheck]);
    return { restMs: this.condition.restMs(Math.random()), trouble: this.condition.troubleAfter };
  }

  private async sendWhatIsDue(): Promise<void> {
    let flow: Flow = 'unknown';
    while (!this.halt.signal.aborted && performance.now() < this.deadline) {
      const claim = await this.claimAt(flow);
      flow = claim.emails.length === 0 || isPaced(claim) ? 'paced' : 'unpaced';
      if (claim.emails.length === 0) {
        if (!(await this.waitForRate(claim))) return;
        continue;
      }
      if (!claim.isExhausted) this.onBacklog();
      await this.sendHalf(claim);
      if (claim.isExhausted) return;
      // One probe at a time, and its answer decides.
      if (this.condition.isProbing) await Promise.all(this.sending);
    }
  }

  /** The lane's first claim of a round waits for nobody. */
  private async claimAt(flow: Flow): Promise<Claim> {
    const { backlogClaims, unpacedSql, urgentFirst } = this.context.tools;
    if (flow === 'unknown') return this.claim(flow);
    if (flow === 'paced') return backlogClaims.run(() => this.claim(flow));
    await urgentFirst.pause();
    return unpacedSql.run(() => this.claim(flow));
  }

  private async claim(flow: Flow): Promise<Claim> {
    const { bytes } = this.context.tools;
    await bytes.open();
    let claimed = 0;
    try {
      const claim = await this.claimNext(flow);
      claimed = bytesOf(claim);
      return claim;
    } finally {
      bytes.add(claimed);
    }
  }

  private async claimNext(flow: Flow): Promise<Claim> {
    const { tools } = this.context;
    const claim = await this.context.repository.claim({
      connectionId: this.connectionId,
      claimId: newId(),
      workerId: tools.workerId,
      epoch: this.sender.epoch,
      sesAccountId: this.lane.sesAccountId,
      notBeforeMs: this.pace.notBeforeMs,
      maxEmails: this.condition.isProbing ? 1 : tools.emailsPerClaim(flow === 'paced'),
      maxBytes: MAX_BYTES_PER_CLAIM,
      ttlMs: tools.limits.claimTtlMs,
    });
    if (claim.expiredIds.length > 0) await this.tellExpired(claim.expiredIds);
    return claim;
  }

  /** A notice that fails must not keep claimed mail from going. */
  private async tellExpired(emailIds: readonly string[]): Promise<void> {
    const { records, logger } = this.context.tools;
    await records
      .tellExpired(this.lane.projectId, emailIds)
      .catch((error: unknown) =>
        logger.warn('email.expiry_not_told', { connectionId: this.connectionId, error }),
      );
  }

  /** Begins to send and comes back when half of the claim has left: time to fetch the next one. */
  private sendHalf(claim: Claim): Promise<void> {
    return new Promise((half, failed) => {
      const task = this.sender.send(claim, !claim.isExhausted, half).finally(() => this.sending.delete(task));
      this.sending.add(task);
      task.then(half, failed);
    });
  }

  /** @returns whether it is worth claiming again in this turn */
  private async waitForRate(claim: Claim): Promise<boolean> {
    if (claim.reason === 'quota') {
      // The numbers may have been old: with fresh ones it is worth one more look.
      const hasNewQuota = await this.quotaCheck;
      this.quotaCheck = Promise.resolve(false);
      if (hasNewQuota) return true;
      await this.context.accounts.blockQuota(this.lane.sesAccountId, QUOTA_RETRY_MS);
      this.blockedMs = claim.waitMs > 0 ? claim.waitMs : QUOTA_RETRY_MS;
      return false;
    }
    if (claim.reason !== 'rate') return false;
    if (performance.now() + claim.waitMs >= this.deadline) {
      this.blockedMs = claim.waitMs;
      return false;
    }
    await delay(claim.waitMs, this.halt.signal);
    return true;
  }

  /** What a failure means for the lane and for everybody who shares its SES account. */
  private async failed(action: Verdict['action']): Promise<void> {
    const { accounts, tools } = this.context;
    if (this.condition.failed(action)) this.halt.abort();
    if (action === 'throttle' && (await accounts.brake(this.lane.sesAccountId, RECOVERY_PER_SECOND))) {
      tools.logger.warn('ses_account.braked', { sesAccountId: this.lane.sesAccountId });
    }
    if (action === 'quota') await accounts.blockQuota(this.lane.sesAccountId, QUOTA_RETRY_MS);
    if (action === 'pause' || action === 'denied') await tools.trouble.execute(this.connectionId);
  }
}
