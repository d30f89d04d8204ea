import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../api/client';
import { useProjectId } from '../../api/hooks';
import { Card, Facts } from '../../ui/layout';
import { Notice, Status } from '../../ui/state';
import { Time } from '../../ui/time';

type LaneOf = Schemas['Lane'];

const number = new Intl.NumberFormat();
const pace = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** The lane of one connection. */
export function Lane({ lane }: { lane: LaneOf }) {
  const projectId = useProjectId();
  const { backlog, brake, dead_letters: dead } = lane;
  const more = backlog.is_more ? '+' : '';
  const deadCount = dead.failed + dead.uncertain + dead.expired;
  return (
    <Card
      title={`${lane.name} · ${lane.region}`}
      actions={
        <span className="flex items-center gap-3">
          <Status of={lane.status} />
          <Link
            to="/projects/$projectId/connections/$connectionId"
            params={{ projectId, connectionId: lane.id }}
            aria-label={`Connection ${lane.name}`}
            className="text-sm text-accent underline"
          >
            Connection
          </Link>
        </span>
      }
    >
      <div className="flex flex-col gap-4">
        <Blocked lane={lane} />
        <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {(
            [
              ['Due now', `${number.format(backlog.queued)}${more}`],
              ['Sending', number.format(backlog.sending)],
              ['Scheduled', `${number.format(backlog.scheduled)}${more}`],
              ['Retrying', number.format(backlog.retrying)],
            ] as const
          ).map(([name, value]) => (
            <div key={name} className="rounded-lg bg-sunken px-3 py-2">
              <dt className="text-sm text-muted">{name}</dt>
              <dd className="text-lg font-semibold">{value}</dd>
            </div>
          ))}
        </dl>
        <Facts
          facts={{
            'Oldest waiting':
              backlog.oldest_at === null ? undefined : <Time at={backlog.oldest_at} isRelative />,
            'Next scheduled':
              backlog.next_scheduled_at === null ? undefined : (
                <Time at={backlog.next_scheduled_at} isRelative />
              ),
            Pace:
              lane.recipients_per_second === null
                ? 'not known yet'
                : `${pace.format(lane.recipients_per_second)} recipients a second`,
            Brake:
              brake.factor >= 1 ? undefined : (
                <>
                  {Math.round(brake.factor * 100)} % of the full rate, throttled{' '}
                  <Time at={brake.throttled_at} isRelative />
                </>
              ),
            'Backlog ends':
              backlog.queued === 0 || lane.backlog_ends_at === null ? undefined : (
                <>
                  {backlog.is_more && 'not before '}
                  <Time at={lane.backlog_ends_at} />
                </>
              ),
            '24-hour quota':
              lane.quota_24_hours === null
                ? undefined
                : `${number.format(lane.quota_24_hours.used)} of ${number.format(lane.quota_24_hours.limit)} used`,
            'Quota ends': lane.quota_ends_at === null ? undefined : <Time at={lane.quota_ends_at} />,
            'Dead letters':
              deadCount === 0
                ? undefined
                : `${number.format(dead.failed)} failed, ${number.format(dead.uncertain)} uncertain, ${number.format(dead.expired)} expired`,
          }}
        />
      </div>
    </Card>
  );
}

const reasons: Readonly<Record<string, string>> = {
  deferred_quota: 'The 24-hour quota is used up. The mail waits and goes on by itself.',
  ses_unreachable: 'Amazon SES does not answer. It is tried again.',
};

/** Why nothing goes, and when it is tried next. */
function Blocked({ lane }: { lane: LaneOf }) {
  const { blocked_reason: reason, blocked_until: until } = lane;
  if (reason === null) return null;
  return (
    <Notice tone="warn">
      {reasons[reason] ?? `Nothing is sent: the connection is ${lane.status.replaceAll('_', ' ')}.`}
      {until !== null && (
        <>
          {' '}
          Next try <Time at={until} isRelative />.
        </>
      )}
    </Notice>
  );
}
