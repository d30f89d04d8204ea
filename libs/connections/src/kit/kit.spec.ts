import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { describePrincipal } from '../platform-principal.js';
import { buildKit, kitFormats, type Kit, type KitOptions } from './build-kit.js';
import { fromPattern } from './from-pattern.js';
import { kitPurposes } from './permissions.js';

const user = describePrincipal('arn:aws:iam::111122223333:user/sesame-platform', '111122223333');
const session = describePrincipal(
  'arn:aws:sts::111122223333:assumed-role/ses-connector-broker/i-0abc',
  '111122223333',
);
const connection = {
  id: '019a5b1e-0000-7000-8000-0000deadbeef',
  region: 'eu-west-1',
  roleArn: null,
  awsAccountId: null,
  externalId: 'sesame-11111111111111111111111111111111',
  pendingExternalId: null,
  requestedSessionSeconds: 7200,
};
const rotating = { ...connection, pendingExternalId: 'sesame-22222222222222222222222222222222' };
const kit = (
  options: Partial<KitOptions> = {},
  on = connection as typeof rotating | typeof connection,
  by = user,
): Kit => buildKit(on, by, { purpose: 'send', format: 'json', ...options });
const terraform = '/usr/local/bin/terraform';

describe('trust policy', () => {
  test('names our account, the caller and the external ID', () => {
    expect(kit().trust_policy.Statement).toEqual([
      {
        Sid: 'SesameAssumesWithExternalId',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'sts:ExternalId': connection.externalId },
          ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/sesame-platform' },
        },
      },
    ]);
  });

  test('allows for the path of a role, which its sessions do not show', () => {
    expect(kit({}, connection, session).trust_policy.Statement[0]?.Condition?.['ArnLike']).toEqual({
      'aws:PrincipalArn': [
        'arn:aws:iam::111122223333:role/ses-connector-broker',
        'arn:aws:iam::111122223333:role/*/ses-connector-broker',
      ],
    });
  });

  test('lists old and new during a rotation', () => {
    const condition = kit({}, rotating).trust_policy.Statement[0]?.Condition;
    expect(condition?.['StringEquals']?.['sts:ExternalId']).toEqual([
      rotating.externalId,
      rotating.pendingExternalId,
    ]);
  });

  test('fits into the 2 048 characters of a trust policy', () => {
    expect(JSON.stringify(kit({}, rotating, session).trust_policy).length).toBeLessThan(1000);
  });
});

describe('permissions', () => {
  test('to send are two actions and the quota', () => {
    const actions = kit().permissions_policy.Statement.flatMap((statement) => statement.Action);
    expect(actions).toEqual(['ses:SendEmail', 'ses:SendRawEmail', 'ses:GetAccount']);
  });

  test('never reach beyond what the purpose needs', () => {
    const actions = kit({ purpose: 'all' }).permissions_policy.Statement.flatMap(
      (statement) => statement.Action,
    );
    for (const refused of [
      'ses:*',
      'sns:*',
      'ses:SendBulkEmail',
      'ses:PutAccountDetails',
      'ses:CreateEmailIdentityPolicy',
    ]) {
      expect(actions).not.toContain(refused);
    }
    expect(actions.filter((action) => action.startsWith('iam:') || action === '*')).toEqual([]);
  });

  test('can be bound to a From address; the permission probe stays possible', () => {
    const [send] = kit({ from: fromPattern('example.org') }).permissions_policy.Statement;
    expect(send?.Condition).toEqual({
      StringLike: { 'ses:FromAddress': ['*@example.org', 'sesame-probe@example.com'] },
    });
  });

  test('name the account as soon as it is known', () => {
    const known = buildKit({ ...connection, awsAccountId: '444455556666' }, user, {
      purpose: 'send',
      format: 'json',
    });
    expect(known.permissions_policy.Statement[0]?.Resource).toEqual([
      'arn:aws:ses:eu-west-1:444455556666:identity/*',
      'arn:aws:ses:eu-west-1:444455556666:configuration-set/*',
    ]);
  });

  test('of all purposes have no two statements of one Sid', () => {
    const sids = kit({ purpose: 'all' }).permissions_policy.Statement.map((statement) => statement.Sid);
    expect(new Set(sids).size).toBe(sids.length);
  });

  test.each([
    "o'brien@example.com",
    '${aws:username}@example.com',
    'a b@example.com',
    '$(id)@example.com',
    '"x"@e.com',
    '',
  ])('refuse %j as From', (from) =>
    expect(() => fromPattern(from)).toThrow(
      expect.objectContaining({ code: 'kit.bad_from' }) as unknown as Error,
    ),
  );
});

describe.each(kitPurposes.flatMap((purpose) => kitFormats.map((format) => ({ purpose, format }))))(
  '$purpose as $format',
  (options) => {
    test('is the same every time and holds the external ID', () => {
      const first = kit({ ...options, from: '*@example.com' });
      expect(kit({ ...options, from: '*@example.com' })).toEqual(first);
      expect(first.script ?? JSON.stringify(first.trust_policy)).toContain(connection.externalId);
    });
  },
);

describe.each(kitPurposes)('for %s', (purpose) => {
  test('the script is valid bash', () => {
    execFileSync('bash', ['-n'], { input: kit({ purpose, format: 'cli' }).script ?? '' });
  });

  test('the script passes the policies on unchanged', () => {
    const script = kit({ purpose, format: 'cli' }).script ?? '';
    const fakeAws = `aws() { case "$*" in *get-role*Role.Arn*|*update-role*) ;; *get-role*) return 1;; *) printf '%s\\0' "$@";; esac; }\n`;
    const output = execFileSync(
      'bash',
      ['-c', fakeAws + script.replace(/^#!.*\n/, '').replaceAll('> /dev/null', '')],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(output.split('\0')[5] ?? '')).toEqual(kit().trust_policy);
    expect(output).toContain(JSON.stringify(kit({ purpose }).permissions_policy, null, 2));
  });

  if (!existsSync(terraform))
    process.stderr.write(
      `NOT CHECKED: the format of the kit's Terraform, because ${terraform} is not there.\n`,
    );
  (existsSync(terraform) ? test : test.skip)('the Terraform is formatted', () => {
    for (const from of [undefined, '*@example.com']) {
      const text = kit({ purpose, format: 'terraform', from }, rotating, session).script ?? '';
      expect(
        execFileSync(terraform, ['fmt', '-'], {
          input: text,
          encoding: 'utf8',
          stdio: ['pipe', 'pipe', 'ignore'],
        }),
      ).toBe(text);
    }
  });

  test('the CloudFormation template is YAML that holds the same policies', () => {
    const text = kit({ purpose, format: 'cloudformation' }, rotating).script ?? '';
    expect(text).not.toMatch(/\t|undefined|\[object/);
    // js-yaml comes with the tooling; it is no dependency of ours, so its absence is no failure.
    const parse = loadYaml();
    if (parse === undefined) return;
    const template = parse(text) as { Resources: { Role: { Properties: Record<string, unknown> } } };
    const properties = template.Resources.Role.Properties;
    expect(properties['Policies']).toEqual([
      { PolicyName: `sesame-${purpose}`, PolicyDocument: kit({ purpose }).permissions_policy },
    ]);
    const trust = JSON.stringify(properties['AssumeRolePolicyDocument']);
    expect(trust).toBe(
      JSON.stringify(kit({}, rotating).trust_policy).replace(
        JSON.stringify([rotating.externalId, rotating.pendingExternalId]),
        '{"Ref":"ExternalId"}',
      ),
    );
  });
});

describe('quick-create link', () => {
  test('is there only for a template in S3', () => {
    expect(kit().quick_create_url).toBeNull();
    expect(kit().console_url).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/create',
    );
    expect(
      kit({ templateUrl: 'https://acme.s3.eu-west-1.amazonaws.com/sesame/v1.yaml' }).quick_create_url,
    ).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/quickcreate' +
        '?templateURL=https%3A%2F%2Facme.s3.eu-west-1.amazonaws.com%2Fsesame%2Fv1.yaml&stackName=sesame-ses-deadbeef' +
        `&param_RoleName=sesame-ses-deadbeef&param_ExternalId=${connection.externalId}&param_MaxSessionDuration=7200`,
    );
  });

  test.each([
    'http://acme.s3.amazonaws.com/a.yaml',
    'https://evil.example/s3.amazonaws.com/a.yaml',
    'javascript:alert(1)',
  ])('refuses %s', (templateUrl) => {
    expect(() => kit({ templateUrl })).toThrow(
      expect.objectContaining({ code: 'kit.bad_template_url' }) as unknown as Error,
    );
  });
});

function loadYaml(): ((text: string) => unknown) | undefined {
  try {
    const { load } = createRequire(import.meta.url)('js-yaml') as { load: (text: string) => unknown };
    return load;
  } catch {
    return undefined;
  }
}
