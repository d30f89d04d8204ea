import { AwsFailure } from '#libs/aws';
import type { BrokeredSession } from '#libs/connections';
import { delay } from './delay.js';
import type { Claim, ClaimedEmail, LaneState } from './drain.repository.js';
import { classifySendFailure, type Verdict } from './classify.js';
import { judge, type Judgement } from './judge.js';
import type { Outcome } from './outcome.js';
import type { Pace } from './pace.js';
import { Recorder } from './recorder.js';
import type { SendTools } from './send-tools.js';
import { isPaced } from './urgent-first.js';
import { withConfigurationSet } from './with-configuration-set.js';

/** What the slice wants to know about each email. */
export interface SendObserver {
  succeeded(): void;
  failed(action: Verdict['action']): Promise<void>;
}

const handedBack: Judgement['outcome'] = {
  status: 'queued',
  attempt: 'handed_back',
  isCounted: false,
  retryInMs: 0,
  errorRemedy: undefined,
};
const accepted: Judgement['outcome'] = {
  status: 'sent',
  attempt: 'sent',
  isCounted: true,
  retryInMs: 0,
  errorRemedy: undefined,
};

/** What a claim holds in memory. */
export function bytesOf(claim: Claim): number {
  return claim.emails.reduce((sum, email) => sum + email.payload.length, 0);
}

/** Whether SES refuses for the configuration set that we named, and for nothing else. */
function isSetMissing({ httpStatus = 0, message }: AwsFailure, configurationSet: string): boolean {
  return (
    httpStatus >= 400 &&
    httpStatus < 500 &&
    message.includes(configurationSet) &&
    /configuration set .*(does not exist|not found)/i.test(message)
  );
}

/** Sends the claims of one lane with one session, which it replaces when SES does not take it any more. */
export class ClaimSender {
  private configurationSet: string | undefined;

  constructor(
    private readonly tools: SendTools,
    private readonly connectionId: string,
    private readonly lane: LaneState,
    private session: BrokeredSession,
    private readonly pace: Pace,
    private readonly halt: AbortSignal,
    private readonly observer: SendObserver,
  ) {
    this.configurationSet = lane.configurationSet;
  }

  get epoch(): number {
    return this.session.epoch;
  }

  /**
   * Sends one claim's emails, each at its place in the rate, records what became of them and gives back their bytes.
   *
   * @param isBacklog whether woken lanes go before it, unless SES's rate holds it @param onHalf called when half of them have left
   */
  async send(claim: Claim, isBacklog: boolean, onHalf: () => void): Promise<void> {
    const { tools } = this;
    const waitMs = this.pace.reserve(
      claim,
      claim.emails.reduce((sum, { recipients }) => sum + recipients, 0),
    );
    const isHeld = isBacklog && !isPaced(claim);
    const recorder = new Recorder(
      isHeld ? tools.unpacedRecords : tools.records,
      { connectionId: this.connectionId, projectId: this.lane.projectId },
      claim.id,
      tools.limits.claimTtlMs,
      tools.logger,
    );
    try {
      const emails = await this.leaveOutSuppressed(claim, recorder);
      const half = Math.ceil(emails.length / 2);
      const running: Promise<void>[] = [];
      let recipientsBefore = 0;
      for (const [index, email] of emails.entries()) {
        const wait = waitMs(recipientsBefore);
        // A timer is good to about a millisecond: closer places go together.
        if (wait > 1) await delay(wait, this.halt);
        recipientsBefore += email.recipients;
        const release = await tools.admit(this.connectionId, this.lane.weight, isHeld);
        const sent = this.sendOne(email, recorder).finally(release);
        running.push(sent);
        if (index + 1 === half) onHalf();
      }
      await Promise.all(running);
    } finally {
      tools.bytes.remove(bytesOf(claim));
      await recorder.finish();
    }
  }

  /** Not knowing who is suppressed, nothing is sent: the mails go back. */
  private async leaveOutSuppressed(claim: Claim, recorder: Recorder): Promise<readonly ClaimedEmail[]> {
    try {
      return await this.tools.suppressed.execute(claim, this.lane);
    } catch (error) {
      this.tools.logger.warn('claim.suppressions_not_read', { claimId: claim.id, error });
      for (const email of claim.emails)
        recorder.add(this.outcome(email, performance.now(), { ...handedBack, retryInMs: 1_000 }));
      return [];
    }
  }

  private async sendOne(email: ClaimedEmail, recorder: Recorder): Promise<void> {
    if (this.halt.aborted || !(await recorder.isStillOurs())) {
      recorder.add(this.outcome(email, performance.now(), handedBack));
      return;
    }
    const startedAt = performance.now();
    try {
      const sesMessageId = await this.call(email);
      this.tools.attempts.inc({ outcome: 'sent' });
      this.tools.seconds.observe((performance.now() - startedAt) / 1000);
      this.observer.succeeded();
      recorder.add({ ...this.outcome(email, startedAt, accepted), sesMessageId });
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      const { verdict, outcome } = judge(error, email, this.lane.delivery, Math.random());
      this.tools.attempts.inc({ outcome: verdict.action });
      this.log(email, verdict, error);
      recorder.add({
        ...this.outcome(email, startedAt, outcome),
        errorName: error.code,
        errorMessage: error.message,
      });
      await this.observer.failed(verdict.action);
    }
  }

  /** One SendEmail; when the credentials or the configuration set are refused, the call is made once more with others. */
  private async call(email: ClaimedEmail): Promise<string> {
    const { session, configurationSet } = this;
    const payload = withConfigurationSet(email.payload, configurationSet);
    try {
      return await this.tools.sender.send(session, payload);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      if (configurationSet !== undefined && isSetMissing(error, configurationSet)) {
        await this.loseSet(configurationSet);
        return this.tools.sender.send(session, email.payload);
      }
      if (classifySendFailure(error).action !== 'credentials') throw error;
      const renewed = await this.renew(session).catch(() => undefined);
      if (renewed === undefined) throw error;
      return this.tools.sender.send(renewed, payload);
    }
  }

  /** Once, however many calls find it missing: mail does not wait for a set that is gone. */
  private async loseSet(configurationSet: string): Promise<void> {
    if (this.configurationSet === undefined) return;
    this.configurationSet = undefined;
    const { connectionId, tools } = this;
    tools.logger.warn('lane.configuration_set_missing', { connectionId });
    await tools.records
      .loseConfigurationSet(connectionId, configurationSet)
      .catch((error: unknown) => tools.logger.warn('lane.configuration_set_kept', { connectionId, error }));
  }

  /** The session after `rejected`: made once, however many calls were refused with the old one. */
  private async renew(rejected: BrokeredSession): Promise<BrokeredSession> {
    if (this.session !== rejected) return this.session;
    await this.tools.sessions.reportRejected(this.connectionId, 'send', rejected.generation);
    const renewed = await this.tools.sessions.for(this.connectionId, 'send', rejected.epoch);
    this.session = renewed;
    return renewed;
  }

  private log(email: ClaimedEmail, { action }: Verdict, { code, requestId }: AwsFailure): void {
    const { connectionId, lane } = this;
    const ids = { emailId: email.id, projectId: lane.projectId, connectionId };
    this.tools.logger.info('email.attempt_failed', { ...ids, action, code, awsRequestId: requestId });
  }

  private outcome(email: ClaimedEmail, startedAt: number, fields: Judgement['outcome']): Outcome {
    const durationMs = Math.round(performance.now() - startedAt);
    return {
      emailId: email.id,
      ...fields,
      sesMessageId: undefined,
      errorName: undefined,
      errorMessage: undefined,
      startedAt: new Date(this.tools.clock.nowMs() - durationMs),
      durationMs,
    };
  }
}
