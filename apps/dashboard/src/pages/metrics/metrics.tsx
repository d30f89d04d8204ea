import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { Select } from '../../ui/field';
import { Card, Empty, PageHead, Table } from '../../ui/layout';
import { Loaded } from '../../ui/state';
import { Chart } from './chart';

type Metrics = Schemas['Metrics'];

const HOUR = 3_600_000;
const ranges = {
  day: { text: 'Last 24 hours', granularity: 'hour', backMs: 24 * HOUR },
  week: { text: 'Last 7 days', granularity: 'day', backMs: 7 * 24 * HOUR },
  month: { text: 'Last 30 days', granularity: 'day', backMs: 30 * 24 * HOUR },
} as const;
type Range = keyof typeof ranges;

const number = new Intl.NumberFormat();
const percent = (rate: number | null) =>
  rate === null ? '–' : `${(rate * 100).toFixed(rate < 0.01 ? 2 : 1)} %`;

export function Metrics() {
  const id = useProjectId();
  const [range, setRange] = useState<Range>('week');
  const { granularity, backMs } = ranges[range];
  const metrics = useApiQuery(
    ['metrics', range],
    (api) =>
      api.GET('/v1/projects/{id}/metrics', {
        params: {
          path: { id },
          query: {
            granularity,
            from: new Date(Date.now() - backMs).toISOString(),
            timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
          },
        },
      }),
    { refetchEvery: () => 30_000 },
  );
  return (
    <>
      <PageHead
        title="Metrics"
        about="What became of the mail of this project, without mail to the mailbox simulator."
      />
      <div className="mb-4 max-w-60">
        <Select label="Time" value={range} onChange={(event) => setRange(event.target.value as Range)}>
          {Object.entries(ranges).map(([name, { text }]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </Select>
      </div>
      <Loaded query={metrics} what="the metrics">
        {(found) =>
          found.totals.sent === 0 ? (
            <Empty title="Nothing was sent in this time">
              Mail to real recipients is counted here as it is sent.
            </Empty>
          ) : (
            <Figures metrics={found} />
          )
        }
      </Loaded>
    </>
  );
}

function Figures({ metrics }: { metrics: Metrics }) {
  const { totals, data } = metrics;
  const tiles = [
    ['Sent', number.format(totals.sent)],
    ['Delivered', percent(totals.delivery_rate)],
    ['Bounced', percent(totals.bounce_rate)],
    ['Complained', percent(totals.complaint_rate)],
    ['Opened', percent(totals.open_rate)],
    ['Clicked', percent(totals.click_rate)],
    [
      'Half delivered within',
      totals.latency === null ? '–' : `${(totals.latency.p50_ms / 1_000).toFixed(1)} s`,
    ],
    ['95 % within', totals.latency === null ? '–' : `${(totals.latency.p95_ms / 1_000).toFixed(1)} s`],
  ] as const;
  return (
    <div className="flex flex-col gap-5">
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {tiles.map(([name, value]) => (
          <div key={name} className="rounded-xl border border-line bg-card p-4">
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="text-xl font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      <Card title="Over time">
        <Chart
          label="Emails over time"
          series={[
            { name: 'Sent', color: 'var(--muted)', values: data.map(({ sent }) => sent) },
            { name: 'Delivered', color: 'var(--accent)', values: data.map(({ delivered }) => delivered) },
            { name: 'Bounced', color: 'var(--bad)', values: data.map(({ bounced }) => bounced) },
          ]}
        />
      </Card>
      <Table
        label="Figures"
        columns={['From', 'Sent', 'Delivered', 'Bounced', 'Complained', 'Opened', 'Clicked']}
      >
        {data
          .filter(({ sent, delivered, bounced }) => sent + delivered + bounced > 0)
          .map((bucket) => (
            <tr key={bucket.at}>
              <td className="whitespace-nowrap">{bucket.at}</td>
              <td>{number.format(bucket.sent)}</td>
              <td>{number.format(bucket.delivered)}</td>
              <td>{number.format(bucket.bounced)}</td>
              <td>{number.format(bucket.complained)}</td>
              <td>{number.format(bucket.opened)}</td>
              <td>{number.format(bucket.clicked)}</td>
            </tr>
          ))}
      </Table>
    </div>
  );
}
