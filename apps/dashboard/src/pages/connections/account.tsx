import type { Schemas } from '../../api/client';
import { useApiQuery } from '../../api/hooks';
import { Card, Facts } from '../../ui/layout';
import { Loaded, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import { CapacityShare } from './capacity-share';

const number = new Intl.NumberFormat();

/** Pace and quota of the SES account, and what waits for them. */
export function Account({ connection }: { connection: Schemas['Connection'] }) {
  const capacity = useApiQuery(
    ['capacity', connection.id],
    (api) => api.GET('/v1/connections/{id}/capacity', { params: { path: { id: connection.id } } }),
    { refetchEvery: () => 5_000 },
  );
  const { ses } = connection;
  return (
    <Card title="Pace and quota">
      <Loaded query={capacity} what="the capacity">
        {(now) => (
          <div className="flex flex-col gap-4">
            {now.blocked_reason !== null && (
              <Notice tone="warn">
                {now.blocked_reason} <Time at={now.blocked_until} isRelative />
              </Notice>
            )}
            {now.quota_24_hours !== null && <Quota {...now.quota_24_hours} />}
            <Facts
              facts={{
                Pace:
                  now.recipients_per_second === null
                    ? 'not known yet'
                    : `${number.format(now.recipients_per_second)} recipients a second (${Math.round(connection.capacity_share * 100)} % of the account’s)`,
                'SES access':
                  ses === null
                    ? 'not known yet'
                    : ses.production_access === true
                      ? 'production'
                      : 'sandbox: verified recipients only',
                Waiting:
                  now.backlog.queued === 0
                    ? 'nothing'
                    : `${number.format(now.backlog.queued)} emails to ${number.format(now.backlog.recipients)} recipients`,
                'All sent':
                  now.backlog.queued === 0 || now.backlog_ends_at === null ? undefined : (
                    <Time at={now.backlog_ends_at} />
                  ),
                Scheduled: now.backlog.scheduled === 0 ? undefined : number.format(now.backlog.scheduled),
              }}
            />
            <CapacityShare key={connection.capacity_share} connection={connection} />
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function Quota({ limit, used }: { limit: number; used: number }) {
  return (
    <div>
      <div className="mb-1 flex justify-between text-sm">
        <span id="quota-label">Used of the 24-hour quota</span>
        <span className="text-muted">
          {number.format(used)} of {number.format(limit)}
        </span>
      </div>
      <meter
        aria-labelledby="quota-label"
        min={0}
        max={Math.max(limit, 1)}
        high={limit * 0.9}
        value={used}
        className="h-3 w-full"
      />
    </div>
  );
}
