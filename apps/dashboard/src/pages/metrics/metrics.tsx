import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { useLive } from '../../api/live';
import { Button } from '../../ui/button';
import { Card, Empty, PageHead, Table } from '../../ui/layout';
import { Loaded } from '../../ui/state';
import { Chart } from './chart';
import { Filters, type Filter } from './filters';
import { bucketName, periodOf, ranges, type Granularity, type Range } from './ranges';

type Metrics = Schemas['Metrics'];

const number = new Intl.NumberFormat();
const percent = (rate: number | null) =>
  rate === null ? '–' : `${(rate * 100).toFixed(rate > 0 && rate < 0.01 ? 2 : 1)} %`;
const seconds = (ms: number | undefined) => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`);

export function Metrics() {
  const [range, setRange] = useState<Range>('week');
  const [granularity, setGranularity] = useState<Granularity>('day');
  const [filter, setFilter] = useState<Filter>({});
  // Another one is another, empty form.
  const [round, setRound] = useState(0);
  useLive(['metrics'], ({ type }) => type === 'metrics');
  const metrics = useMetrics(range, granularity, filter);
  // In large steps: only the sums of the groups are shown.
  const step = range === 'year' ? 'month' : 'day';
  const byDomain = useMetrics(range, step, { ...filter, groupBy: 'domain' });
  const byTag = useMetrics(range, step, { ...filter, groupBy: 'tag' }, filter.tag !== undefined);
  const groups = (found: Metrics | undefined) =>
    (found?.groups ?? []).flatMap(({ group }) => (group === null ? [] : [group]));
  return (
    <>
      <PageHead
        title="Metrics"
        about="What became of the mail of this project, without mail to the mailbox simulator."
      />
      <Filters
        key={round}
        range={range}
        granularity={granularity}
        filter={filter}
        domains={groups(byDomain.data)}
        tagValues={groups(byTag.data)}
        onRange={(next) => {
          setRange(next);
          setGranularity(ranges[next].by[0]);
        }}
        onGranularity={setGranularity}
        onFilter={setFilter}
      />
      <Loaded query={metrics} what="the metrics">
        {(found) =>
          isEmpty(found) ? (
            <Nothing
              isFiltered={Object.keys(filter).length > 0}
              onAll={() => {
                setFilter({});
                setRound(round + 1);
              }}
            />
          ) : (
            <div className="flex flex-col gap-5">
              <Totals totals={found.totals} />
              <OverTime metrics={found} range={range} granularity={granularity} />
              <Groups title="By domain" metrics={byDomain.data} />
              {filter.tag !== undefined && (
                <Groups title={`By value of ${filter.tag}`} metrics={byTag.data} />
              )}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function useMetrics(
  range: Range,
  granularity: Granularity,
  { domain, tag, tagValue, groupBy }: Filter & { groupBy?: 'domain' | 'tag' },
  isEnabled = true,
) {
  const id = useProjectId();
  return useApiQuery(
    ['metrics', range, granularity, domain, tag, tagValue, groupBy],
    (api) =>
      api.GET('/v1/projects/{id}/metrics', {
        params: {
          path: { id },
          query: {
            granularity,
            ...periodOf(range),
            ...(domain !== undefined && { domain }),
            ...(tag !== undefined && { tag }),
            ...(tagValue !== undefined && { tag_value: tagValue }),
            ...(groupBy !== undefined && { group_by: groupBy }),
          },
        },
      }),
    { refetchEvery: () => 30_000, isEnabled },
  );
}

/** Late events count in their own hour: there may be deliveries where nothing was sent. */
const isEmpty = ({ totals }: Metrics) =>
  totals.sent + totals.delivered + totals.bounced + totals.opened === 0;

function Nothing({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  const projectId = useProjectId();
  if (isFiltered)
    return (
      <Empty title="No such mail was sent in this time">
        <Button className="mt-3" onClick={onAll}>
          Show all mail
        </Button>
      </Empty>
    );
  return (
    <Empty title="Nothing was sent in this time">
      Mail to real recipients is counted here as it is sent, test mail to the mailbox simulator is not. Make
      an{' '}
      <Link to="/projects/$projectId/api-keys" params={{ projectId }} className="text-accent underline">
        API key
      </Link>{' '}
      and send from your program, or choose a longer time.
    </Empty>
  );
}

function Totals({ totals }: { totals: Metrics['totals'] }) {
  const tiles = [
    ['Sent', number.format(totals.sent)],
    ['Delivered', percent(totals.delivery_rate)],
    ['Bounced', percent(totals.bounce_rate)],
    ['Complained', percent(totals.complaint_rate)],
    ['Opened', percent(totals.open_rate)],
    ['Clicked', percent(totals.click_rate)],
    ['Half delivered within', seconds(totals.latency?.p50_ms)],
    ['95 % delivered within', seconds(totals.latency?.p95_ms)],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {tiles.map(([name, value]) => (
        <div key={name} className="rounded-xl border border-line bg-card p-4">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="text-xl font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function OverTime({
  metrics: { data },
  range,
  granularity,
}: {
  metrics: Metrics;
  range: Range;
  granularity: Granularity;
}) {
  const filled = data.filter(
    ({ sent, delivered, bounced, complained, opened, clicked }) =>
      sent + delivered + bounced + complained + opened + clicked > 0,
  );
  return (
    <>
      <Card title="Over time">
        <Chart
          label="Emails over time"
          times={data.map(({ at }) => bucketName(at, granularity, range))}
          series={[
            { name: 'Sent', color: 'var(--muted)', dashes: '6 4', values: data.map(({ sent }) => sent) },
            { name: 'Delivered', color: 'var(--accent)', values: data.map(({ delivered }) => delivered) },
            { name: 'Bounced', color: 'var(--bad)', values: data.map(({ bounced }) => bounced) },
          ]}
        />
      </Card>
      <Table
        label="Emails over time, in figures"
        columns={['Since', 'Sent', 'Delivered', 'Bounced', 'Complained', 'Opened', 'Clicked']}
      >
        {filled.map((bucket) => (
          <tr key={bucket.at} className="tabular-nums">
            <th scope="row" className="px-4 py-2.5 font-medium whitespace-nowrap">
              <time dateTime={bucket.at}>{bucketName(bucket.at, granularity, range)}</time>
            </th>
            <td>{number.format(bucket.sent)}</td>
            <td>{number.format(bucket.delivered)}</td>
            <td>{number.format(bucket.bounced)}</td>
            <td>{number.format(bucket.complained)}</td>
            <td>{number.format(bucket.opened)}</td>
            <td>{number.format(bucket.clicked)}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

/** The sums of groups, the busiest first. */
function Groups({ title, metrics }: { title: string; metrics: Metrics | undefined }) {
  const groups = metrics?.groups ?? [];
  if (groups.length === 0) return null;
  return (
    <Card title={title}>
      <Table
        label={title}
        columns={['Name', 'Sent', 'Delivered', 'Bounced', 'Complained', 'Opened', 'Clicked']}
      >
        {groups.map(({ group, totals }) => (
          <tr key={group} className="tabular-nums">
            <th scope="row" className="px-4 py-2.5 font-medium break-all">
              {group ?? 'the others'}
            </th>
            <td>{number.format(totals.sent)}</td>
            <td>{percent(totals.delivery_rate)}</td>
            <td>{percent(totals.bounce_rate)}</td>
            <td>{percent(totals.complaint_rate)}</td>
            <td>{percent(totals.open_rate)}</td>
            <td>{percent(totals.click_rate)}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
