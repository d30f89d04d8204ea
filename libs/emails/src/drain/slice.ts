import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, SesSender } from '#libs/aws';
import { CONFIG, type Config } from '#libs/config';
import { ReportTrouble, SessionBroker, type BrokeredSession } from '#libs/connections';
import { Clock, newId } from '#libs/crypto';
import { Logger, Metrics } from '#libs/telemetry';
import { delay } from './delay.js';
import { DrainRepository, type Claim, type ClaimedEmail, type LaneState } from './drain.repository.js';
import { FollowQuota } from './follow-quota.js';
import { judge, type Judgement } from './judge.js';
import type { Outcome } from './outcome.js';
import { Recorder } from './recorder.js';
import { RecordRepository } from './record.repository.js';
import { SendSlots } from './send-slots.js';
import { SystemSesAccountRepository } from './system-ses-account.repository.js';
import { RECOVERY_PER_SECOND } from './drain.repository.js';
import { ByteGate } from './byte-gate.js';

/** After this long a lane goes back to the end of the queue. */
const SLICE_MS = 2_000;
const MAX_EMAILS_PER_CLAIM = 200;
const MAX_BYTES_PER_CLAIM = 8 * 1024 * 1024;
/** A used-up 24-hour quota is looked at again this often. */
const QUOTA_RETRY_MS = 5 * 60_000;
const PAUSED_RETRY_MS = 60_000;

type SendableLane = LaneState & { sesAccountId: string };

/** Everything a slice works with, made once per process. */
@Injectable()
export class SliceFactory {
  /** Names this process on its claims. */
  readonly workerId = newId();
  readonly slots: SendSlots;
  readonly bytes: ByteGate;
  readonly sent;
  readonly sendSeconds;

  constructor(
    @Inject(CONFIG) readonly config: Config,
    @Inject(DrainRepository) readonly repository: DrainRepository,
    @Inject(RecordRepository) readonly records: RecordRepository,
    @Inject(SystemSesAccountRepository) readonly accounts: SystemSesAccountRepository,
    @Inject(FollowQuota) readonly followQuota: FollowQuota,
    @Inject(SessionBroker) readonly sessions: SessionBroker,
    @Inject(ReportTrouble) readonly trouble: ReportTrouble,
    @Inject(SesSender) readonly sender: SesSender,
    @Inject(Clock) readonly clock: Clock,
    @Inject(Logger) readonly logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.slots = new SendSlots(config.sending.sendsInFlight, config.sending.laneInFlight);
    this.bytes = new ByteGate(config.sending.bytesInFlight);
    this.sent = metrics.counter('sesame_send_attempts_total', 'Calls of SES SendEmail by outcome.', [
      'outcome',
    ]);
    this.sendSeconds = metrics.histogram(
      'sesame_send_seconds',
      'Duration of SES SendEmail.',
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20],
    );
  }

  /** @throws AppError when there is no session to be had */
  async open(connectionId: string, lane: SendableLane, stopping: AbortSignal): Promise<Slice> {
    const session = await this.sessions.for(connectionId, 'send', lane.credentialEpoch);
    return new Slice(this, connectionId, lane, session, stopping);
  }
}

/** One lane's turn: claims, sends at the pace it was given, records; the next claim is fetched while one is sent. */
class Slice {
  private readonly deadline = performance.now() + SLICE_MS;
  /** Aborts when the process stops or the lane must: claimed mail that has not left goes back untouched. */
  private readonly halt = new AbortController();
  private blockedMs = 0;
  private quotaCheck: Promise<boolean> = Promise.resolve(false);

  constructor(
    private readonly own: SliceFactory,
    private readonly connectionId: string,
    private readonly lane: SendableLane,
    private session: BrokeredSession,
    stopping: AbortSignal,
  ) {
    if (stopping.aborted) this.halt.abort();
    stopping.addEventListener('abort', () => this.halt.abort(), { once: true, signal: this.halt.signal });
  }

  /** @returns how long the lane is blocked, in milliseconds */
  async run(): Promise<number> {
    // Beside the sending, not before it: a mail does not wait for GetAccount.
    this.quotaCheck = this.own.followQuota.execute(this.lane.sesAccountId, this.session);
    const sending = new Set<Promise<void>>();
    let isExhausted = false;
    while (!isExhausted && !this.halt.signal.aborted && performance.now() < this.deadline) {
      await this.own.bytes.open();
      const claim = await this.claim();
      if (claim.emails.length === 0) {
        if (!(await this.waitForRate(claim))) break;
        continue;
      }
      isExhausted = claim.isExhausted;
      // The next claim is fetched while the second half of this one is on its way.
      await new Promise<void>((half, failed) => {
        const task = this.sendClaim(claim, half).finally(() => sending.delete(task));
        sending.add(task);
        task.then(half, failed);
      });
    }
    await Promise.all([...sending, this.quotaCheck]);
    return this.blockedMs;
  }

  private claim(): Promise<Claim> {
    return this.own.repository.claim({
      connectionId: this.connectionId,
      claimId: newId(),
      workerId: this.own.workerId,
      epoch: this.session.epoch,
      sesAccountId: this.lane.sesAccountId,
      maxEmails: MAX_EMAILS_PER_CLAIM,
      maxBytes: MAX_BYTES_PER_CLAIM,
      ttlMs: this.own.config.sending.claimTtlMs,
    });
  }

  /** @returns whether it is worth claiming again in this slice */
  private async waitForRate(claim: Claim): Promise<boolean> {
    if (claim.reason === 'quota') {
      // The numbers may have been old: with fresh ones it is worth one more look.
      const hasNewQuota = await this.quotaCheck;
      this.quotaCheck = Promise.resolve(false);
      if (hasNewQuota) return true;
      await this.own.accounts.blockQuota(this.lane.sesAccountId, QUOTA_RETRY_MS);
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

  /** Sends one claim's emails, each at its slot. `onHalf` is called when half of them have left. */
  private async sendClaim(claim: Claim, onHalf: () => void): Promise<void> {
    const start = performance.now() + claim.delayMs;
    const recorder = new Recorder(
      this.own.records,
      claim.id,
      this.own.config.sending.claimTtlMs,
      this.own.logger,
    );
    const bytes = claim.emails.reduce((sum, email) => sum + email.payload.length, 0);
    this.own.bytes.add(bytes);
    try {
      const half = Math.ceil(claim.emails.length / 2);
      const running: Promise<void>[] = [];
      let recipientsBefore = 0;
      for (const [index, email] of claim.emails.entries()) {
        const wait = start + recipientsBefore * claim.spacingMs - performance.now();
        // A timer is good to about a millisecond: closer slots go together.
        if (wait > 1) await delay(wait, this.halt.signal);
        recipientsBefore += email.recipients;
        await this.own.slots.acquire(this.connectionId);
        running.push(this.sendOne(email, recorder).finally(() => this.own.slots.release(this.connectionId)));
        if (index + 1 === half) onHalf();
      }
      await Promise.all(running);
    } finally {
      this.own.bytes.remove(bytes);
      await recorder.finish();
    }
  }

  private async sendOne(email: ClaimedEmail, recorder: Recorder): Promise<void> {
    if (this.halt.signal.aborted || !(await recorder.isStillOurs())) {
      recorder.add(
        this.outcome(email, 0, {
          status: 'queued',
          attempt: 'handed_back',
          isCounted: false,
          retryInMs: 0,
          errorRemedy: undefined,
        }),
      );
      return;
    }
    const startedAt = performance.now();
    try {
      const sesMessageId = await this.send(email);
      this.own.sent.inc({ outcome: 'sent' });
      this.own.sendSeconds.observe((performance.now() - startedAt) / 1000);
      recorder.add({
        ...this.outcome(email, startedAt, {
          status: 'sent',
          attempt: 'sent',
          isCounted: true,
          retryInMs: 0,
          errorRemedy: undefined,
        }),
        sesMessageId,
      });
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      const { verdict, outcome } = judge(error, email, this.lane.delivery, Math.random());
      this.own.sent.inc({ outcome: verdict.action });
      this.own.logger.info('email.attempt_failed', {
        emailId: email.id,
        projectId: this.lane.projectId,
        connectionId: this.connectionId,
        action: verdict.action,
        code: error.code,
        awsRequestId: error.requestId,
      });
      recorder.add({
        ...this.outcome(email, startedAt, outcome),
        errorName: error.code,
        errorMessage: error.message,
      });
      await this.react(verdict.action);
    }
  }

  /** One SendEmail; credentials that are refused are replaced and the call is made once more. */
  private async send(email: ClaimedEmail): Promise<string> {
    const { session } = this;
    try {
      return await this.own.sender.send(session, email.payload);
    } catch (error) {
      if (
        !(error instanceof AwsFailure) ||
        judge(error, email, this.lane.delivery, 0).verdict.action !== 'credentials'
      )
        throw error;
      const renewed = await this.renew(session).catch(() => undefined);
      if (renewed === undefined) throw error;
      return this.own.sender.send(renewed, email.payload);
    }
  }

  /** The session after `rejected`: made once, however many calls were refused with the old one. */
  private async renew(rejected: BrokeredSession): Promise<BrokeredSession> {
    if (this.session !== rejected) return this.session;
    await this.own.sessions.reportRejected(this.connectionId, 'send', rejected.generation);
    const renewed = await this.own.sessions.for(this.connectionId, 'send', rejected.epoch);
    this.session = renewed;
    return renewed;
  }

  /** What a failure means for the lane and everybody who shares its SES account. */
  private async react(action: Judgement['verdict']['action']): Promise<void> {
    switch (action) {
      case 'throttle':
        this.stop(1_000);
        if (await this.own.accounts.brake(this.lane.sesAccountId, RECOVERY_PER_SECOND)) {
          this.own.logger.warn('ses_account.braked', { sesAccountId: this.lane.sesAccountId });
        }
        return;
      case 'quota':
        this.stop(QUOTA_RETRY_MS);
        await this.own.accounts.blockQuota(this.lane.sesAccountId, QUOTA_RETRY_MS);
        return;
      case 'pause':
        this.stop(PAUSED_RETRY_MS);
        await this.own.trouble.execute(this.connectionId);
        return;
      case 'denied':
        await this.own.trouble.execute(this.connectionId);
        return;
      case 'credentials':
      case 'unreachable':
        this.stop(2_000);
        return;
      case 'retry':
      case 'uncertain':
      case 'fail':
        return;
    }
  }

  private stop(blockedMs: number): void {
    this.blockedMs = Math.max(this.blockedMs, blockedMs);
    this.halt.abort();
  }

  private outcome(email: ClaimedEmail, startedAt: number, fields: Judgement['outcome']): Outcome {
    const durationMs = startedAt === 0 ? 0 : Math.round(performance.now() - startedAt);
    return {
      emailId: email.id,
      ...fields,
      sesMessageId: undefined,
      errorName: undefined,
      errorMessage: undefined,
      startedAt: new Date(this.own.clock.nowMs() - durationMs),
      durationMs,
    };
  }
}
