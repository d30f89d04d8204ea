import { AwsFailure } from '#libs/aws';
import type { RoleConnection } from '../src/connection.js';
import { describePrincipal } from '../src/platform-principal.js';
import type { RoundContext } from '../src/prove/round-context.js';

export const now = new Date('2026-11-24T12:00:00Z');

export function aConnection(fields: Partial<RoleConnection> = {}): RoleConnection {
  return {
    id: '019a5b1e-0000-7000-8000-0000deadbeef',
    projectId: '019a5b1e-0000-7000-8000-00000000cafe',
    name: 'SES eu-west-1',
    region: 'eu-west-1',
    status: 'verifying',
    roleArn: 'arn:aws:iam::444455556666:role/Sender',
    awsAccountId: '444455556666',
    sesAccountId: null,
    externalId: 'sesame-11111111111111111111111111111111',
    pendingExternalId: null,
    requestedSessionSeconds: 3600,
    grantedSessionSeconds: null,
    sessionReason: null,
    capacityShare: 0.9,
    fallbackConnectionId: null,
    isPaused: false,
    pausedReason: null,
    credentialEpoch: 3,
    verifyingSince: now,
    nextCheckAt: null,
    verifiedAt: null,
    createdAt: now,
    disconnectedAt: null,
    ...fields,
  };
}

export function aContext(fields: Partial<RoundContext> = {}): RoundContext {
  return {
    connection: aConnection(),
    principal: describePrincipal('arn:aws:iam::111122223333:user/sesame-platform', '111122223333'),
    now,
    windowMs: 60_000,
    isInsideWindow: false,
    isInsideSafetyGrace: false,
    ...fields,
  };
}

export function aFailure(
  service: 'sts' | 'ses',
  code: string,
  message = '',
  httpStatus: number | null = 400,
): AwsFailure {
  return new AwsFailure({
    service,
    operation: service === 'sts' ? 'AssumeRole' : 'SendEmail',
    code,
    message,
    httpStatus: httpStatus ?? undefined,
    effect: 'no',
  });
}
