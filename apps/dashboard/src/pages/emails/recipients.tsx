import type { Schemas } from '../../api/client';
import { Card } from '../../ui/layout';
import { Status } from '../../ui/state';
import { Time } from '../../ui/time';
import { nameOf } from './timeline';

type Email = Schemas['Email'];

/** What happened to each recipient. Events that name nobody are everybody's. */
export function Recipients({ email }: { email: Email }) {
  const { recipients } = email;
  return (
    <Card title="Recipients">
      <ul aria-label="Recipients" className="flex flex-col divide-y divide-line">
        {recipients.map((one) => (
          <li key={one.email} className="py-2 first:pt-0 last:pb-0">
            <details open={recipients.length <= 3}>
              <summary className="flex flex-wrap items-center gap-3">
                <span className="min-w-0 break-all">{one.email}</span>
                <Status of={one.status} />
                <span className="text-sm text-muted">
                  <Time at={one.at} />
                </span>
              </summary>
              <Steps email={email} recipient={one.email} />
            </details>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Steps({ email, recipient }: { email: Email; recipient: string }) {
  const steps = email.events.filter((event) => event.recipient === null || event.recipient === recipient);
  return (
    <ol aria-label={`Timeline of ${recipient}`} className="mt-2 flex flex-col border-l-2 border-line pl-4">
      {steps.map((step, index) => (
        <li key={index} className="py-1">
          <span className="font-medium">{nameOf(step.type)}</span>{' '}
          <span className="text-sm text-muted">
            <Time at={step.at} />
          </span>
          <Facts data={step.data} />
        </li>
      ))}
    </ol>
  );
}

/** What SES says about an event, in its own words: the reason of a bounce, the link of a click. */
function Facts({ data }: { data?: unknown }) {
  if (typeof data !== 'object' || data === null) return null;
  const facts = Object.entries(data).filter(([, value]) => ['string', 'number'].includes(typeof value));
  if (facts.length === 0) return null;
  return (
    <dl className="text-sm text-muted">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-wrap gap-x-2">
          <dt>{nameOf(name)}:</dt>
          <dd className="min-w-0 break-all">{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
