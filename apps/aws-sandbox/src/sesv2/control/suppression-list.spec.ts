import * as sdk from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, failure, Harness, REGION } from '../../testing/harness.js';

describe('the account-level suppression list', () => {
  let h: Harness;
  let ses: sdk.SESv2Client;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    await h.adminOk('POST', '/reset');
    await h.seedCustomer();
    ses = await h.customerSes();
  });

  it('keeps the suppression list', async () => {
    const EmailAddress = 'gone+1@example.net';
    const missing = `NotFoundException|404|Email address ${EmailAddress} does not exist on your suppression list.`;
    expect(await failure(ses.send(new sdk.GetSuppressedDestinationCommand({ EmailAddress })))).toBe(missing);
    await ses.send(new sdk.PutSuppressedDestinationCommand({ EmailAddress, Reason: 'BOUNCE' }));
    await ses.send(
      new sdk.PutSuppressedDestinationCommand({ EmailAddress: 'b@example.net', Reason: 'COMPLAINT' }),
    );
    const shown = await ses.send(new sdk.GetSuppressedDestinationCommand({ EmailAddress }));
    expect(shown.SuppressedDestination).toMatchObject({ EmailAddress, Reason: 'BOUNCE' });
    expect(
      Math.abs((shown.SuppressedDestination?.LastUpdateTime?.getTime() ?? 0) - h.sandbox.clock.now()),
    ).toBeLessThan(5000);
    const list = async (input: sdk.ListSuppressedDestinationsCommandInput) =>
      (await ses.send(new sdk.ListSuppressedDestinationsCommand(input))).SuppressedDestinationSummaries?.map(
        (entry) => entry.EmailAddress,
      );
    expect(await list({ Reasons: ['COMPLAINT'] })).toEqual(['b@example.net']);
    expect(await list({ StartDate: new Date(h.sandbox.clock.now() + 60_000) })).toEqual([]);
    await ses.send(new sdk.DeleteSuppressedDestinationCommand({ EmailAddress }));
    expect(await failure(ses.send(new sdk.DeleteSuppressedDestinationCommand({ EmailAddress })))).toBe(
      missing,
    );
  });

  it('pages through the suppression list, and refuses puts in the SES sandbox', async () => {
    for (let index = 0; index < 5; index++)
      await ses.send(
        new sdk.PutSuppressedDestinationCommand({
          EmailAddress: `page${index}@example.net`,
          Reason: 'BOUNCE',
        }),
      );
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ses.send(
        new sdk.ListSuppressedDestinationsCommand({ PageSize: 2, Reasons: ['BOUNCE'], NextToken }),
      );
      expect(page.SuppressedDestinationSummaries?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.SuppressedDestinationSummaries ?? []).map((entry) => entry.EmailAddress));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen.filter((address) => address?.startsWith('page'))).toEqual(
      Array.from({ length: 5 }, (_, index) => `page${index}@example.net`),
    );
    expect(
      await failure(ses.send(new sdk.ListSuppressedDestinationsCommand({ NextToken: 'stale' }))),
    ).toMatch(/^InvalidNextTokenException[|]400/);
    await h.adminOk('PATCH', `/accounts/${CUSTOMER}/regions/${REGION}/ses`, { production_access: false });
    expect(
      await failure(
        ses.send(
          new sdk.PutSuppressedDestinationCommand({ EmailAddress: 'a@example.net', Reason: 'BOUNCE' }),
        ),
      ),
    ).toMatch(/^BadRequestException[|]400/);
  });
});
