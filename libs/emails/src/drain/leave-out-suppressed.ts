import { Inject, Injectable } from '@nestjs/common';
import { derivedId, timeOfId } from '#libs/crypto';
import { Database } from '#libs/database';
import { addressOfMailbox, FindSuppressed, type SuppressionOrigin } from '#libs/suppressions';
import { Metrics } from '#libs/telemetry';
import { PublishEvents } from '#libs/webhooks';
import type { Claim, ClaimedEmail, LaneState } from './drain.repository.js';
import { allRecipients, leaveOut, type Shortened } from './leave-out.js';
import { SuppressedRepository, type SuppressedEvent } from './suppressed.repository.js';

const MESSAGE = 'The address is on the suppression list of the project.';

/** Takes suppressed recipients out of claimed mail: as late as it can be, so that whatever is suppressed by then counts. */
@Injectable()
export class LeaveOutSuppressed {
  private readonly leftOut;

  constructor(
    @Inject(FindSuppressed) private readonly findSuppressed: FindSuppressed,
    @Inject(SuppressedRepository) private readonly repository: SuppressedRepository,
    @Inject(PublishEvents) private readonly publish: PublishEvents,
    @Inject(Database) private readonly database: Database,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.leftOut = metrics.counter('sesame_suppressed_recipients_total', 'Recipients left out at the claim.');
  }

  /**
   * One statement for a claim in which nobody is suppressed, one transaction more otherwise; none at all while the project suppresses
   * nobody. What goes to nobody is recorded as `suppressed` when this resolves.
   *
   * @returns the mails as they may go
   */
  async execute(claim: Claim, lane: LaneState): Promise<readonly ClaimedEmail[]> {
    if (!claim.hasSuppressions) return claim.emails;
    const suppressed = await this.findSuppressed.execute(lane.projectId, allRecipients(claim.emails));
    if (suppressed.size === 0) return claim.emails;
    const { going, shortened } = leaveOut(claim.emails, suppressed);
    const events = shortened.flatMap((email) => eventsOf(lane.projectId, email));
    const webhooks = await this.database.transaction(async (sql) => {
      const noted = await this.repository.write(sql, {
        claimId: claim.id,
        sesAccountId: lane.sesAccountId,
        recipients: recipientsOf(claim.emails) - recipientsOf(going),
        spacingMs: claim.spacingMs,
        reservedUntil: claim.reservedUntil,
        endedIds: shortened.filter(({ isWhole }) => isWhole).map(({ emailId }) => emailId),
        events,
      });
      const news = shortened.filter(({ emailId }) => noted.has(emailId));
      return this.publish.store(
        sql,
        news.map((email) => webhookOf(lane.projectId, email)),
      );
    });
    this.publish.wake(webhooks);
    this.leftOut.inc(events.length);
    return going;
  }
}

/** One event for each address; with ids that stay the same when a mail is claimed again. */
function eventsOf(projectId: string, { emailId, leftOut }: Shortened<SuppressionOrigin>): SuppressedEvent[] {
  const origins = new Map(leftOut.map(({ mailbox, reason }) => [addressOfMailbox(mailbox), reason]));
  return [...origins].map(([recipient, origin]) => ({
    id: derivedId(timeOfId(emailId), emailId, 'suppressed', recipient),
    projectId,
    emailId,
    recipient,
    data: { type: 'Suppressed', message: MESSAGE, reason: origin },
  }));
}

function webhookOf(projectId: string, { emailId, leftOut }: Shortened<SuppressionOrigin>) {
  return {
    projectId,
    type: 'email.suppressed',
    at: new Date(),
    emailId,
    data: {
      to: leftOut.map(({ mailbox }) => addressOfMailbox(mailbox)),
      suppressed: { type: 'Suppressed', message: MESSAGE, reason: leftOut[0]?.reason },
    },
  };
}

function recipientsOf(emails: readonly ClaimedEmail[]): number {
  return emails.reduce((sum, { recipients }) => sum + recipients, 0);
}
