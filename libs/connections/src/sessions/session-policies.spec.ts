import { describe, expect, test } from '@jest/globals';
import { purposes } from '#libs/queue';
import { permissionsPolicy } from '../kit/permissions.js';
import { sessionName } from './session-name.js';
import { sessionPolicy } from './session-policies.js';

const scope = { partition: 'aws-us-gov', region: 'us-gov-west-1', accountId: '444455556666' };
const everyPurpose = [...purposes, 'check'] as const;
const id = '019a5b1e-1234-7000-8000-0000deadbeef';

describe.each(everyPurpose)('a session to %s', (purpose) => {
  test('has a policy below the 2 048 characters of STS', () => {
    expect(sessionPolicy(purpose, scope).length).toBeLessThan(1900);
  });

  test('has a policy in the alphabet of STS', () => {
    expect(sessionPolicy(purpose, scope)).toMatch(/^[\x20-\xff]+$/);
  });

  test('has a name that STS allows and that tells project and purpose', () => {
    expect(sessionName(purpose, id, id)).toMatch(/^[\w+=,.@-]{2,64}$/);
    expect(sessionName(purpose, id, id)).toContain(`sesame-${purpose}-${id}`);
  });
});

test.each(purposes)('the session policy to %s allows exactly what the kit asks for at most', (purpose) => {
  const options = { feedback: 'eventbridge' } as const;
  const bare = permissionsPolicy(purpose, scope, options).Statement.map(
    ({ Sid: _, ...statement }) => statement,
  );
  expect(JSON.parse(sessionPolicy(purpose, scope))).toEqual({ Version: '2012-10-17', Statement: bare });
});

test('the session of the checks can send to the mailbox simulator only', () => {
  expect(JSON.parse(sessionPolicy('check', scope))).toMatchObject({
    Statement: [
      {
        Condition: { 'ForAllValues:StringEquals': { 'ses:Recipients': ['success@simulator.amazonses.com'] } },
      },
      {},
    ],
  });
});
