import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { describePrincipal } from '../../platform-principal.js';
import { buildKit, type KitFormat } from '../build-kit.js';
import { feedbackModes, type FeedbackMode } from './feedback-names.js';

const principal = describePrincipal('arn:aws:iam::111122223333:user/sesame-platform', '111122223333');
const connection = {
  id: '019a5b1e-0000-7000-8000-0000deadbeef',
  region: 'eu-west-1',
  roleArn: null,
  awsAccountId: '444455556666',
  externalId: 'sesame-11111111111111111111111111111111',
  pendingExternalId: null,
  requestedSessionSeconds: 3600,
};
const kit = (mode: FeedbackMode, format: KitFormat, purpose: 'events' | 'all' = 'events') =>
  buildKit(connection, principal, {
    purpose,
    format,
    way: {
      mode,
      endpointUrl: mode === 'pull' ? null : `https://mail.example.com/feedback/${mode}/token`,
      secret: mode === 'eventbridge' ? 'key' : null,
    },
  });
const terraform = '/usr/local/bin/terraform';
const actionsOf = (mode: FeedbackMode) =>
  kit(mode, 'json').permissions_policy.Statement.flatMap(({ Action }) => Action);

describe.each(feedbackModes)('the kit that makes the way of mode %s', (mode) => {
  it('lets the role read and confirm, and make nothing', () => {
    expect(actionsOf(mode)).toEqual([
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueUrl',
      'sqs:GetQueueAttributes',
      'sns:ConfirmSubscription',
    ]);
  });

  it('has a script that a shell can read', () => {
    const script = kit(mode, 'cli', 'all').script ?? '';
    execFileSync('bash', ['-n'], { input: script });
    expect(script).toContain('create-configuration-set ');
    expect(script).toContain(mode === 'eventbridge' ? 'aws events put-targets' : 'aws sns subscribe');
  });

  it('has a template in which every reference leads somewhere', () => {
    const template = kit(mode, 'cloudformation').script ?? '';
    const names = [...template.matchAll(/^ {2}([A-Za-z]+):/gm)].map(([, name]) => name);
    for (const [, name] of template.matchAll(/Ref: "([A-Za-z]+)"/g)) expect(names).toContain(name);
    for (const [, name] of template.matchAll(/DependsOn: "([A-Za-z]+)"/g)) expect(names).toContain(name);
    expect(names).toContain('EventDestination');
  });

  it('has Terraform that names what it has', () => {
    const text = kit(mode, 'terraform').script ?? '';
    const made = new Set(
      [...text.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`),
    );
    for (const [reference] of text.matchAll(/\baws_\w+\.sesame\w*/g)) expect(made).toContain(reference);
    if (existsSync(terraform))
      expect(execFileSync(terraform, ['fmt', '-'], { input: text, encoding: 'utf8' })).toBe(text);
  });
});

it('stops before it makes anything when the AWS CLI is too old for EventBridge', () => {
  const script = kit('eventbridge', 'cli').script ?? '';
  const old = `aws() { echo "$*" >&2; case "$*" in *--generate-cli-skeleton*) echo '{"SnsDestination": {}}';; esac; }\n`;
  const { status, stderr } = spawnSync('bash', { input: old + script, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('This version of the AWS CLI does not know EventBridge');
  expect(stderr).not.toContain('create-configuration-set --');
});

it('waits until EventBridge knows the role that was made a moment ago', () => {
  const script = kit('eventbridge', 'cli').script ?? '';
  const slow = `aws() { case "$*" in
    *--generate-cli-skeleton*) echo EventBridgeDestination;;
    *put-targets*) echo "$*" >> "$LOG"; if [ "$(wc -l < "$LOG")" -lt 3 ]; then return 254; fi; echo 0;;
  esac; }
  sleep() { :; }
  LOG="$(mktemp)"; trap 'wc -l < "$LOG"; rm "$LOG"' EXIT\n`;
  const { status, stdout } = spawnSync('bash', { input: slow + script, encoding: 'utf8' });
  expect([status, stdout.trim().split('\n').pop()]).toEqual([0, '3']);
});

it.each(['cli', 'cloudformation', 'terraform'] as const)(
  'subscribes an address with its own protocol, as %s',
  (format) => {
    const of = (endpointUrl: string) =>
      buildKit(connection, principal, {
        purpose: 'events',
        format,
        way: { mode: 'sns', endpointUrl, secret: null },
      }).script ?? '';
    const protocol = (text: string) => /protocol[" :=]+(https?)\b/i.exec(text)?.[1];
    expect(protocol(of('https://mail.example.com/x'))).toBe('https');
    expect(protocol(of('http://127.0.0.1:3000/x'))).toBe('http');
  },
);

it('cannot be made before the AWS account is known', () => {
  const unknown = { ...connection, awsAccountId: null };
  const way = { mode: 'pull', endpointUrl: null, secret: null } as const;
  expect(() => buildKit(unknown, principal, { purpose: 'events', format: 'json', way })).toThrow(
    expect.objectContaining({ code: 'connection.no_role' }),
  );
});
