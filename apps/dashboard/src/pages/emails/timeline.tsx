import type { Schemas } from '../../api/client';
import { Notice, Status, Waiting } from '../../ui/state';
import { Time } from '../../ui/time';
import { isSettled } from './settled';

/** What happened to an email, in order; what concerns one recipient says whom. */
export function Timeline({ email }: { email: Schemas['Email'] }) {
  const { error } = email;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Status of={email.status} />
        {!isSettled(email.status) && <Waiting>{whatFor(email)}</Waiting>}
      </div>
      {error !== null && (
        <Notice tone="bad">
          <p className="font-medium">{error.message}</p>
          {error.remedy !== null && <p className="mt-1 whitespace-pre-wrap">{error.remedy}</p>}
        </Notice>
      )}
      <ol aria-label="What happened" className="flex flex-col border-l-2 border-line pl-4">
        {stepsOf(email).map((step, index) => (
          <li
            key={index}
            className="relative py-1.5 before:absolute before:top-3.5 before:-left-[1.31rem] before:size-2 before:rounded-full before:bg-accent"
          >
            <span className="font-medium">{step.what}</span>{' '}
            {step.whom !== null && <span className="break-all text-muted">{step.whom}</span>}{' '}
            <span className="text-sm text-muted">
              <Time at={step.at} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function whatFor(email: Schemas['Email']): string {
  if (email.deferred_reason !== null) return email.deferred_reason;
  switch (email.status) {
    case 'scheduled':
      return 'Waiting for its time';
    case 'sent':
      return 'Amazon SES has it. Delivery shows here when feedback is set up';
    case 'delivery_delayed':
      return 'The receiving server asks SES to try later';
    case 'uncertain':
      return 'The answer of SES was lost; its event will tell';
    default:
      return 'Waiting for its turn';
  }
}

interface Step {
  what: string;
  whom: string | null;
  at: string;
}

function stepsOf(email: Schemas['Email']): Step[] {
  const own: Step[] = [{ what: 'Accepted', whom: null, at: email.created_at }];
  const isSentKnown = email.events.some(({ type }) => type === 'email.sent' || type === 'sent');
  if (email.sent_at !== null && !isSentKnown) own.push({ what: 'Sent', whom: null, at: email.sent_at });
  const events = email.events.map(({ type, recipient, at }) => ({ what: nameOf(type), whom: recipient, at }));
  // The clocks of SES and ours differ by some milliseconds: what follows from sending comes after it all the same.
  return [...own, ...events].sort((a, b) => stageOf(a) - stageOf(b) || Date.parse(a.at) - Date.parse(b.at));
}

const before = ['Accepted', 'Scheduled', 'Queued', 'Sending'];

function stageOf({ what }: Step): number {
  if (before.includes(what)) return 0;
  return what === 'Sent' ? 1 : 2;
}

/** `email.delivery_delayed` → "Delivery delayed". */
export function nameOf(type: string): string {
  const words = type.replace(/^email\./, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
