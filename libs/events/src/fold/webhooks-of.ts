import type { HappenedEvent } from '#libs/webhooks';
import type { NewFact } from './fact-counter.js';
import type { Fact, FactType } from './fact.js';
import { groupBy } from './group-by.js';
import { diagnosticsOf } from './normalise.js';

/** New facts of one record: they are told together. */
export interface ToldTogether {
  projectId: string;
  emailId: string;
  facts: readonly Fact[];
}

/** One webhook for each type among the facts of a record, with the recipients that it happened to. */
export function webhooksOf({ projectId, emailId, facts }: ToldTogether): HappenedEvent[] {
  const byType = groupBy(facts, ({ type }) => type);
  return [...byType].flatMap(([type, [first, ...more]]) => {
    if (first === undefined) return [];
    const all = [first, ...more];
    const to = all.flatMap(({ recipient }) => recipient ?? []);
    return [
      {
        projectId,
        type: `email.${type}`,
        at: first.at,
        emailId,
        data: { ...(to.length > 0 && { to }), ...extraOf(type, first, all) },
      },
    ];
  });
}

/** What Resend adds for each type; for opens, whether it was a person's. */
function extraOf(type: FactType, { data, at }: Fact, all: readonly Fact[]): object {
  switch (type) {
    case 'bounced': {
      const { type: bounceType, subType, message } = data;
      return { bounce: { type: bounceType, subType, message, diagnosticCode: diagnosticsOf(all) } };
    }
    case 'suppressed':
      return { suppressed: data };
    case 'failed':
      return { failed: data };
    case 'clicked':
    case 'opened': {
      const { ipAddress, link, userAgent, machine } = data;
      const timestamp = at.toISOString();
      return type === 'clicked'
        ? { click: { ipAddress, link, timestamp, userAgent, machine } }
        : { open: { ipAddress, timestamp, userAgent, machine } };
    }
    case 'sent':
    case 'delivered':
    case 'delivery_delayed':
    case 'complained':
      return {};
  }
}

/** An event has settled that SES has the mail, which nobody had told yet. */
export function sentWebhook(
  { projectId, email }: Pick<NewFact, 'projectId' | 'email'>,
  at: Date,
): HappenedEvent {
  return { projectId, type: 'email.sent', at, emailId: email.id };
}
