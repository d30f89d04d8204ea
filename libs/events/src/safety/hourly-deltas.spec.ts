import { describe, expect, it } from '@jest/globals';
import { bounce, complaint, delivery, open } from '../../../../test/support/ses-records.js';
import { normalise } from '../fold/normalise.js';
import { hourlyDeltas } from './hourly-deltas.js';

const facts = (...records: object[]) =>
  records.flatMap((record) => {
    const told = normalise(JSON.stringify(record), new Date('2026-10-03T00:00:00Z'));
    if ('unreadable' in told) throw new Error(told.unreadable);
    return told.facts;
  });
const hour = 3600 * 1000;

describe('what counts for a reputation', () => {
  it('counts in the hour of the event, whenever it arrives', () => {
    expect(
      hourlyDeltas(
        facts(complaint({}, { ms: 2 * hour }), delivery({}), bounce({}), bounce({}, { ms: hour }), open({})),
      ),
    ).toEqual([
      { hour: new Date('2026-10-01T08:00:00Z'), recipients: 2, bounced: 1, complained: 0 },
      { hour: new Date('2026-10-01T09:00:00Z'), recipients: 1, bounced: 1, complained: 0 },
      { hour: new Date('2026-10-01T10:00:00Z'), recipients: 0, bounced: 0, complained: 1 },
    ]);
  });

  it('takes temporary failures for recipients, not for bounces', () => {
    expect(hourlyDeltas(facts(bounce({}, { type: 'Transient' })))).toMatchObject([
      { recipients: 1, bounced: 0 },
    ]);
  });

  it('leaves out the mailbox simulator and what a list of the account held back', () => {
    const simulated = { destination: ['success@simulator.amazonses.com'] };
    expect(
      hourlyDeltas(
        facts(
          delivery(simulated),
          bounce(simulated),
          bounce(simulated, { type: 'Transient' }),
          complaint(simulated),
          bounce({}, { subType: 'OnAccountSuppressionList' }),
          complaint({}, { subType: 'OnAccountSuppressionList' }),
        ),
      ),
    ).toEqual([]);
  });
});
