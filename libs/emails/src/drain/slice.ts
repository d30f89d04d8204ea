import type { BrokeredSession } from '#libs/connections';
import { newId } from '#libs/crypto';
import { ClaimSender } from './claim-sender.js';
import type { Verdict } from './classify.js';
import { delay } from './delay.js';
import { RECOVERY_PER_SECOND, type Claim, type DrainRepository, type LaneState } from './drain.repository.js';
import type { FollowQuota } from './follow-quota.js';
import { LaneCondition, QUOTA_RETRY_MS } from './lane-condition.js';
import type { SendTools } from './send-tools.js';
import type { SystemSesAccountRepository } from './system-ses-account.repository.js';

/** After this long a lane goes back to the end of the queue. */
const SLICE_MS = 2_000;
const MAX_EMAILS_PER_CLAIM = 100;
const MAX_BYTES_PER_CLAIM = 8 * 1024 * 1024;

export type SendableLane = LaneState & { sesAccountId: string };

export interface SliceContext {
  tools: SendTools;
  repository: DrainRepository;
  accounts: SystemSesAccountRepository;
  followQuota: FollowQuota;
}

/** How a lane's turn ended. */
export interface SliceResult {
  /** How long the lane rests, in milliseconds. */
  restMs: number;
  trouble: number;
  /** Mail that has its place in the rate and is still leaving; the lane's next turn need not wait for it. */
  tail: Promise<unknown>;
}

/** One lane's turn: claims, sends at the pace it was given, records; the next claim is fetched while one is sent. */
export class Slice {
  private readonly deadline = performance.now() + SLICE_MS;
  /** Aborts when the process stops or the lane must: claimed mail that has not left goes back untouched. */
  private readonly halt = new AbortController();
  private readonly condition: LaneCondition;
  private readonly sender: ClaimSender;
  private readonly sending = new Set<Promise<void>>();
  private quotaCheck: Promise<boolean> = Promise.resolve(false);

  constructor(
    private readonly context: SliceContext,
    private readonly connectionId: string,
    private readonly lane: SendableLane,
    private readonly session: BrokeredSession,
    stopping: AbortSignal,
  ) {
    if (stopping.aborted) this.halt.abort();
    stopping.addEventListener('abort', () => this.halt.abort(), { once: true, signal: this.halt.signal });
    this.condition = new LaneCondition(lane.trouble);
    const observer = {
      succeeded: () => this.condition.succeeded(),
      failed: (action: Verdict['action']) => this.failed(action),
    };
    this.sender = new ClaimSender(context.tools, connectionId, lane, session, this.halt.signal, observer);
  }

  async run(): Promise<SliceResult> {
    // Beside the sending, not before it: a mail does not wait for GetAccount.
    this.quotaCheck = this.context.followQuota.execute(this.lane.sesAccountId, this.session);
    const isCutOff = await this.sendUntilDeadline();
    const tail = Promise.all([...this.sending, this.quotaCheck]);
    // A turn that ends because its time is over lets the next one begin at once, so that the pace has no gaps. Any other end
    // waits for the last answers: they may be what the lane must rest for.
    if (!isCutOff || this.condition.isProbing) await tail;
    return { restMs: this.condition.restMs(Math.random()), trouble: this.condition.troubleAfter, tail };
  }

  /** @returns whether time ran out while there was more */
  private async sendUntilDeadline(): Promise<boolean> {
    let isFirst = true;
    while (!this.halt.signal.aborted) {
      if (performance.now() >= this.deadline) return true;
      await this.context.tools.bytes.open();
      const claim = await (isFirst ? this.claim() : this.context.tools.backlogClaims.run(() => this.claim()));
      isFirst = false;
      if (claim.emails.length === 0) {
        if (!(await this.waitForRate(claim))) return false;
        continue;
      }
      await this.sendHalf(claim);
      if (claim.isExhausted) return false;
      if (this.condition.isProbing) await Promise.all(this.sending);
    }
    return false;
  }

  private claim(): Promise<Claim> {
    return this.context.repository.claim({
      connectionId: this.connectionId,
      claimId: newId(),
      workerId: this.context.tools.workerId,
      epoch: this.sender.epoch,
      sesAccountId: this.lane.sesAccountId,
      maxEmails: this.condition.isProbing ? 1 : MAX_EMAILS_PER_CLAIM,
      maxBytes: MAX_BYTES_PER_CLAIM,
      ttlMs: this.context.tools.limits.claimTtlMs,
    });
  }

  /** Begins to send and comes back when half of the claim has left: time to fetch the next one. */
  private sendHalf(claim: Claim): Promise<void> {
    return new Promise((half, failed) => {
      const task = this.sender.send(claim, half).finally(() => this.sending.delete(task));
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
      this.condition.blocked(claim.waitMs > 0 ? claim.waitMs : QUOTA_RETRY_MS);
      return false;
    }
    if (claim.reason !== 'rate') return false;
    if (performance.now() + claim.waitMs >= this.deadline) {
      this.condition.blocked(claim.waitMs);
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
