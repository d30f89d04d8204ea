import { GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CUSTOMER,
  EXTERNAL_ID,
  failure,
  Harness,
  PLATFORM_USER_ARN,
  ROLE_ARN,
  statement,
  trust,
} from '../testing/harness.js';

const DENIED = `AccessDenied|403|User: ${PLATFORM_USER_ARN} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}`;

describe('STS', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(() => h.adminOk('POST', '/reset'));

  it('tells who calls, for a user and for a session', async () => {
    await h.putRole({ path: '/vendors/', name: 'Deep' });
    const user = await h.sts().send(new GetCallerIdentityCommand({}));
    expect(user).toMatchObject({ Account: '111122223333', Arn: PLATFORM_USER_ARN });
    expect(user.UserId).toMatch(/^AIDA/);
    const session = await h.assume({ RoleArn: `arn:aws:iam::${CUSTOMER}:role/vendors/Deep` });
    const caller = await h.sts(session).send(new GetCallerIdentityCommand({}));
    expect(caller.Arn).toBe(`arn:aws:sts::${CUSTOMER}:assumed-role/Deep/test`);
    expect(caller.UserId).toMatch(/^AROA[A-Z2-7]{17}:test$/);
  });

  describe('the trust policy', () => {
    it.each<[string, unknown, object | null, { right: string; without: string; wrong: string }]>([
      [
        'StringEquals protects',
        { AWS: PLATFORM_USER_ARN },
        { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
        { right: 'no failure', without: DENIED, wrong: DENIED },
      ],
      [
        'no condition protects nothing',
        { AWS: PLATFORM_USER_ARN },
        null,
        { right: 'no failure', without: 'no failure', wrong: 'no failure' },
      ],
      [
        'IfExists lets a missing id in',
        { AWS: PLATFORM_USER_ARN },
        { StringEqualsIfExists: { 'sts:ExternalId': EXTERNAL_ID } },
        { right: 'no failure', without: 'no failure', wrong: DENIED },
      ],
      [
        'ForAllValues lets a missing id in',
        { AWS: PLATFORM_USER_ARN },
        { 'ForAllValues:StringEquals': { 'sts:ExternalId': EXTERNAL_ID } },
        { right: 'no failure', without: 'no failure', wrong: DENIED },
      ],
      [
        'StringLike * takes any id',
        { AWS: PLATFORM_USER_ARN },
        { StringLike: { 'sts:ExternalId': '*' } },
        { right: 'no failure', without: DENIED, wrong: 'no failure' },
      ],
      [
        'the id is case-sensitive',
        { AWS: PLATFORM_USER_ARN },
        { StringEquals: { 'sts:ExternalId': EXTERNAL_ID.toUpperCase() } },
        { right: DENIED, without: DENIED, wrong: DENIED },
      ],
      [
        'account root delegates',
        { AWS: 'arn:aws:iam::111122223333:root' },
        { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
        { right: 'no failure', without: DENIED, wrong: DENIED },
      ],
      [
        'a bare account id is its root',
        { AWS: '111122223333' },
        { StringEquals: { 'sts:ExternalId': [EXTERNAL_ID, 'next'] } },
        { right: 'no failure', without: DENIED, wrong: DENIED },
      ],
      [
        'another account is not us',
        { AWS: 'arn:aws:iam::999999999999:root' },
        null,
        { right: DENIED, without: DENIED, wrong: DENIED },
      ],
      [
        'everyone',
        '*',
        { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
        { right: 'no failure', without: DENIED, wrong: DENIED },
      ],
      [
        'root narrowed by aws:PrincipalArn',
        { AWS: '111122223333' },
        { ArnEquals: { 'aws:PrincipalArn': PLATFORM_USER_ARN } },
        { right: 'no failure', without: 'no failure', wrong: 'no failure' },
      ],
      [
        'a session name pattern',
        { AWS: PLATFORM_USER_ARN },
        { StringLike: { 'sts:RoleSessionName': 'sesame-*' } },
        { right: DENIED, without: DENIED, wrong: DENIED },
      ],
    ])('%s', async (_name, principal, condition, expected) => {
      await h.putRole({ trust_policy: trust(principal, condition) });
      expect({
        right: await failure(h.assume()),
        without: await failure(h.assume({ ExternalId: undefined })),
        wrong: await failure(h.assume({ ExternalId: 'wrong-one' })),
      }).toEqual(expected);
    });

    it('gives the same refusal for a role that does not exist or has another path', async () => {
      expect(await failure(h.assume())).toBe(DENIED);
      await h.putRole({ path: '/team/' });
      expect(await failure(h.assume())).toBe(DENIED);
    });

    it('stores principals by unique id: a re-created user is not the one that was trusted, the root is', async () => {
      const key = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'made-up' };
      const user = {
        access_key_id: key.accessKeyId,
        secret_access_key: key.secretAccessKey,
        policies: { a: statement('sts:AssumeRole') },
      };
      await h.adminOk('PUT', '/accounts/222222222222/users/broker', user);
      await h.putRole({ trust_policy: trust({ AWS: 'arn:aws:iam::222222222222:user/broker' }) });
      await h.putRole({ name: 'Root', trust_policy: trust({ AWS: '222222222222' }) });
      expect(await failure(h.assume({}, key))).toBe('no failure');
      await h.adminOk('DELETE', '/accounts/222222222222/users/broker');
      await h.adminOk('PUT', '/accounts/222222222222/users/broker', user);
      expect(await failure(h.assume({}, key))).toMatch(/^AccessDenied\|403/);
      expect(await failure(h.assume({ RoleArn: `arn:aws:iam::${CUSTOMER}:role/Root` }, key))).toBe(
        'no failure',
      );
      const role = await h.adminOk<{ trust_policy: { Statement: [{ Principal: { AWS: string } }] } }>(
        'GET',
        `/accounts/${CUSTOMER}/roles/Sender`,
      );
      expect(role.trust_policy.Statement[0].Principal.AWS).toMatch(/^AIDA/);
    });

    it('is not enough without the caller’s own permission, across accounts', async () => {
      await h.putRole();
      await h.adminOk('PUT', '/accounts/111122223333/users/sesame-platform', { policies: {} });
      expect(await failure(h.assume())).toBe(DENIED);
      await h.adminOk('PUT', '/accounts/111122223333/users/sesame-platform', {
        policies: {
          deny: { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
        },
      });
      expect(await failure(h.assume())).toBe(`${DENIED} with an explicit deny in an identity-based policy`);
    });

    it('needs statements of its own for tags and a source identity', async () => {
      await h.putRole();
      expect(await failure(h.assume({ Tags: [{ Key: 'a', Value: 'b' }] }))).toContain(
        `not authorized to perform: sts:TagSession on resource: ${ROLE_ARN}`,
      );
      expect(await failure(h.assume({ SourceIdentity: 'alice' }))).toContain(
        `not authorized to perform: sts:SetSourceIdentity on resource: ${ROLE_ARN}`,
      );
    });
  });

  describe('parameters', () => {
    beforeEach(() => h.putRole());
    it.each([
      [
        { RoleSessionName: 'a b' },
        `ValidationError|400|1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      ],
      [
        { RoleSessionName: 'x', DurationSeconds: 50_000 },
        `ValidationError|400|2 validation errors detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2; Value '50000' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200`,
      ],
      [
        { DurationSeconds: 899 },
        `ValidationError|400|1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
      ],
      [
        { RoleArn: 'not-an-arn-but-long-enough' },
        'ValidationError|400|not-an-arn-but-long-enough is invalid',
      ],
      [
        { RoleArn: `arn:aws:sts::${CUSTOMER}:assumed-role/Sender/x` },
        `ValidationError|400|arn:aws:sts::${CUSTOMER}:assumed-role/Sender/x is invalid`,
      ],
      [
        { ExternalId: 'white space' },
        /^ValidationError\|400\|1 validation error detected: Value 'white space' at 'externalId'/,
      ],
      [{ Policy: '{' }, 'MalformedPolicyDocumentException|400|This policy contains invalid Json'],
      [
        {
          Policy:
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ses:*","Resource":"*","Condition":{"Equals":{"a:b":"c"}}}]}',
        },
        'MalformedPolicyDocumentException|400|Invalid Condition type : Equals.',
      ],
      [
        {
          Tags: [
            { Key: 'A', Value: '1' },
            { Key: 'a', Value: '2' },
          ],
        },
        'InvalidParameterValue|400|Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      ],
      [
        { TransitiveTagKeys: ['x'] },
        'InvalidParameterValue|400|The specified transitive tag key must be included in the requested tags.',
      ],
      [
        { DurationSeconds: 3601 },
        'ValidationError|400|The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      ],
    ])('%j', async (input, expected) => {
      const text = await failure(h.assume(input));
      if (typeof expected === 'string') expect(text).toBe(expected);
      else expect(text).toMatch(expected);
    });

    it('grants the duration asked for, to the second, and 3600 by default', async () => {
      await h.putRole({ max_session_duration: 43_200 });
      const now = h.sandbox.clock.now();
      for (const [asked, granted] of [
        [900, 900],
        [43_200, 43_200],
        [undefined, 3600],
      ] as const) {
        const { expiration } = await h.assume({ DurationSeconds: asked });
        expect(Math.abs((expiration?.getTime() ?? 0) - now - granted * 1000)).toBeLessThan(5000);
      }
    });

    it('reports a packed policy size only when there is something packed', async () => {
      const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
      const call = (Policy?: string) =>
        h.sts().send(
          new AssumeRoleCommand({
            RoleArn: ROLE_ARN,
            RoleSessionName: 'test',
            ExternalId: EXTERNAL_ID,
            Policy,
          }),
        );
      expect((await call()).PackedPolicySize).toBeUndefined();
      expect((await call(JSON.stringify(statement('ses:*')))).PackedPolicySize).toBeGreaterThan(0);
    });
  });

  describe('role chaining', () => {
    it('caps the next session at one hour, for a role session and for GetSessionToken', async () => {
      await h.putRole({
        name: 'Broker',
        account: '111122223333',
        policies: { a: statement('sts:AssumeRole') },
        max_session_duration: 43_200,
      });
      const broker = 'arn:aws:iam::111122223333:role/Broker';
      await h.putRole({
        trust_policy: trust({ AWS: ['111122223333', broker] }),
        max_session_duration: 43_200,
      });
      const session = await h.assume({ RoleArn: broker });
      const { Credentials: own } = await h.sts().send(new GetSessionTokenCommand({}));
      const token = {
        accessKeyId: own?.AccessKeyId ?? '',
        secretAccessKey: own?.SecretAccessKey ?? '',
        sessionToken: own?.SessionToken ?? '',
      };
      for (const base of [session, token]) {
        expect(await failure(h.assume({ DurationSeconds: 3600 }, base))).toBe('no failure');
        expect(await failure(h.assume({ DurationSeconds: 3601 }, base))).toBe(
          'ValidationError|400|The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
        );
      }
      expect(await failure(h.assume({ DurationSeconds: 43_200 }))).toBe('no failure');
    });

    it('carries transitive tags along, which then need sts:TagSession', async () => {
      const tagging = {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '111122223333' },
            Action: ['sts:AssumeRole', 'sts:TagSession'],
          },
        ],
      };
      await h.adminOk('PUT', '/accounts/111122223333/users/sesame-platform', {
        policies: { a: statement('sts:*') },
      });
      await h.putRole({
        name: 'Broker',
        account: '111122223333',
        policies: { a: statement('sts:*') },
        trust_policy: tagging,
      });
      await h.putRole({ trust_policy: trust({ AWS: '111122223333' }) });
      const base = await h.assume({
        RoleArn: 'arn:aws:iam::111122223333:role/Broker',
        Tags: [{ Key: 'cluster', Value: 'c1' }],
        TransitiveTagKeys: ['cluster'],
      });
      expect(await failure(h.assume({}, base))).toContain('sts:TagSession');
      await h.putRole({ trust_policy: tagging });
      expect(await failure(h.assume({}, base))).toBe('no failure');
    });
  });

  describe('sessions', () => {
    it('expire by the simulated clock, with the code STS really uses', async () => {
      await h.putRole();
      const session = await h.assume({ DurationSeconds: 900 });
      h.sandbox.clock.offsetSeconds += 899;
      expect(await failure(h.sts(session).send(new GetCallerIdentityCommand({})))).toBe('no failure');
      h.sandbox.clock.offsetSeconds += 2;
      expect(await failure(h.sts(session).send(new GetCallerIdentityCommand({})))).toBe(
        'ExpiredToken|403|The security token included in the request is expired',
      );
    });

    it('die with their role, and a re-created role does not bring them back', async () => {
      await h.putRole();
      const session = await h.assume();
      await h.adminOk('DELETE', `/accounts/${CUSTOMER}/roles/Sender`);
      const dead = 'InvalidClientTokenId|403|The security token included in the request is invalid.';
      expect(await failure(h.sts(session).send(new GetCallerIdentityCommand({})))).toBe(dead);
      await h.putRole();
      expect(await failure(h.sts(session).send(new GetCallerIdentityCommand({})))).toBe(dead);
    });
  });

  describe('eventual consistency', () => {
    it('lets a new role, an edit and a deletion take effect only after the delay', async () => {
      await h.adminOk('PATCH', '/settings', { propagation_seconds: 30 });
      const sts = h.sts();
      await sts.send(new GetCallerIdentityCommand({}));
      await h.putRole({ trust_policy: trust({ AWS: PLATFORM_USER_ARN }, null) });
      expect(await failure(h.assume())).toBe(DENIED);
      h.sandbox.state.clock.offsetSeconds += 31;
      const afterCreation = h.sandbox.state.currentRole(CUSTOMER, 'Sender');
      expect(afterCreation).not.toBeNull();
      await h.putRole({ trust_policy: trust() });
      expect(h.sandbox.state.currentRole(CUSTOMER, 'Sender')).toBe(afterCreation);
      await h.adminOk('DELETE', `/accounts/${CUSTOMER}/roles/Sender`, { effective_in_seconds: 60 });
      h.sandbox.state.clock.offsetSeconds += 31;
      expect(h.sandbox.state.currentRole(CUSTOMER, 'Sender')?.trustPolicy).not.toBe(
        afterCreation?.trustPolicy,
      );
      h.sandbox.state.clock.offsetSeconds += 30;
      expect(h.sandbox.state.currentRole(CUSTOMER, 'Sender')).toBeNull();
    });
  });

  it('answers an unknown action in its protocol, signed or not', async () => {
    const response = await fetch(`${h.url}/?Action=Nonsense&Version=2011-06-15`);
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('text/xml');
    expect(await response.text()).toContain(
      '<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>',
    );
  });
});
