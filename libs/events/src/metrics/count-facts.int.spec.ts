import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SystemClock } from '#libs/crypto';
import { CompactMetrics, ReadMetrics, type Counts } from '#libs/metrics';
import type { LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { EventLab } from '../../../../test/support/event-lab.js';
import {
  bounce,
  click,
  complaint,
  delay,
  delivery,
  open,
  reject,
  type MailFields,
} from '../../../../test/support/ses-records.js';

const HOUR_MS = 3_600_000;
const now = new SystemClock().nowMs();
const SIMULATOR = 'success@simulator.amazonses.com';

/** What may happen to a mail. `minutes` shifts it into other hours. */
const happenings: ((mail: MailFields, minutes: number) => object)[] = [
  (mail, minutes) => delivery(mail, mail.destination, minutes * 60_000),
  (mail, minutes) => bounce(mail, { ms: minutes * 60_000, feedbackId: `p${minutes}` }),
  (mail, minutes) => bounce(mail, { type: 'Transient', ms: minutes * 60_000, feedbackId: `t${minutes}` }),
  (mail, minutes) => bounce(mail, { type: 'Undetermined', ms: minutes * 60_000, feedbackId: `u${minutes}` }),
  (mail, minutes) => bounce(mail, { subType: 'OnAccountSuppressionList', ms: minutes * 60_000 }),
  (mail, minutes) => complaint(mail, { ms: minutes * 60_000, feedbackId: `c${minutes}` }),
  (mail, minutes) => delay(mail, minutes * 60_000),
  (mail) => reject(mail),
  (mail, minutes) => open(mail, 'Mozilla/5.0 (iPhone) Mail', minutes * 60_000),
  (mail, minutes) => open(mail, 'Mozilla/5.0', minutes * 60_000),
  (mail, minutes) => click(mail, `https://example.com/${minutes % 3}`, minutes * 60_000),
];

const story = fc.array(
  fc.record({
    email: fc.nat(5),
    what: fc.nat(happenings.length - 1),
    minutes: fc.integer({ min: 1, max: 200 }),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('counting facts', () => {
  let lab: EventLab;
  let read: ReadMetrics;
  let compact: CompactMetrics;

  beforeAll(async () => {
    lab = await EventLab.start(await freshDatabase());
    read = lab.get(ReadMetrics);
    compact = lab.get(CompactMetrics);
  }, 60_000);
  afterAll(() => lab?.stop(), 30_000);

  const metrics = (lane: LaneRows, tagName?: string) =>
    read.execute(lane.projectId, {
      from: new Date(now - 12 * HOUR_MS).toISOString(),
      to: new Date(now + 2 * HOUR_MS).toISOString(),
      granularity: 'hour',
      timeZone: 'UTC',
      groupBy: undefined,
      connectionId: undefined,
      domains: undefined,
      tagName,
      tagValue: undefined,
    });

  /** Of what `events` holds, by metric and hour, without help of the code under test. */
  const naive = async (projectId: string): Promise<Map<string, number>> => {
    const { rows } = await lab.database.query<{ metric: string; hour: Date; count: number }>(
      `SELECT CASE type WHEN 'bounced' THEN 'bounced_' || lower(data ->> 'type')
                WHEN 'opened' THEN CASE WHEN data ->> 'machine' = 'true' THEN 'opened_by_machine' ELSE 'opened' END
                WHEN 'clicked' THEN CASE WHEN data ->> 'machine' = 'true' THEN 'clicked_by_machine' ELSE 'clicked' END
                ELSE type END AS metric,
              date_trunc('hour', at, 'UTC') AS hour, count(*)::int AS count
       FROM events WHERE project_id = $1 AND recipient IS DISTINCT FROM '${SIMULATOR}' GROUP BY 1, 2`,
      [projectId],
    );
    return new Map(rows.map(({ metric, hour, count }) => [`${metric} ${hour.toISOString()}`, count]));
  };
  const uniques = async (projectId: string, type: string): Promise<number> => {
    const { rows } = await lab.database.query<{ count: number }>(
      `SELECT count(DISTINCT email_id)::int AS count FROM events
       WHERE project_id = $1 AND type = $2 AND data ->> 'machine' <> 'true' AND recipient IS DISTINCT FROM '${SIMULATOR}'`,
      [projectId, type],
    );
    return rows[0]?.count ?? -1;
  };

  it('comes to what a count over all events comes to, with repeats, late ones and compactions in between', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.nat(), async (acts, seed) => {
        const lane = await lab.lane();
        const createdAt = new Date(now - 6 * HOUR_MS);
        const mails: MailFields[] = [];
        for (let index = 0; index < 6; index++) {
          const destination = index === 5 ? [SIMULATOR] : index === 4 ? ['a@x.net', 'b@x.net'] : ['a@x.net'];
          const emailId = await lab.email(lane, { createdAt, to: destination });
          mails.push({
            emailId,
            messageId: `m-${emailId}`,
            timestamp: createdAt.toISOString(),
            destination,
          });
        }
        const records = acts.flatMap(({ email, what, minutes }, index) => {
          const record = happenings[what]?.(mails[email] ?? {}, minutes) ?? {};
          return (seed + index) % 3 === 0 ? [record, record] : [record];
        });
        const size = 1 + (seed % 7);
        for (let start = 0; start < records.length; start += size) {
          await lab.fold(lane, records.slice(start, start + size));
          if ((seed + start) % 2 === 0) await compact.execute();
        }
        const expected = await naive(lane.projectId);
        const answers = [await metrics(lane), await metrics(lane, 'kind')];
        await compact.execute();
        answers.push(await metrics(lane), await metrics(lane, 'kind'));
        for (const { starts, all } of answers) {
          const seen = all.buckets.flatMap(({ counts }, index) =>
            Object.entries(counts)
              .filter(([name, count]) => count > 0 && !name.startsWith('unique_'))
              .map(([name, count]): [string, number] => [`${name} ${starts[index]?.toISOString()}`, count]),
          );
          expect(new Map(seen.sort())).toEqual(new Map([...expected].sort()));
          expect(all.totals.counts.unique_opened).toBe(await uniques(lane.projectId, 'opened'));
          expect(all.totals.counts.unique_clicked).toBe(await uniques(lane.projectId, 'clicked'));
        }
      }),
      { seed: 9, numRuns: 25 },
    );
  }, 120_000);

  it('counts mail as sent of which only an event told that SES has it', async () => {
    const lane = await lab.lane();
    const createdAt = new Date(now - HOUR_MS);
    const emailId = await lab.email(lane, { status: 'uncertain', createdAt, to: ['a@x.net', 'b@x.net'] });
    const mail = {
      emailId,
      messageId: 'm-9',
      timestamp: createdAt.toISOString(),
      destination: ['a@x.net', 'b@x.net'],
    };
    await lab.fold(lane, [delivery(mail, ['a@x.net'], 1_500), delivery(mail, ['b@x.net'], 2_500)]);
    const { totals } = (await metrics(lane)).all;
    expect(pick(totals.counts, 'sent', 'recipients', 'delivered')).toEqual([1, 2, 2]);
    expect(totals.latency?.average_ms).toBe(2_000);
    const later = await metrics(lane, 'kind');
    expect(later.all.totals.counts.sent).toBe(1);
  });
});

const pick = (counts: Counts, ...names: (keyof Counts)[]) => names.map((name) => counts[name]);
