import { Inject, Injectable } from '@nestjs/common';
import {
  AwsFailure,
  SesGateway,
  type AssumedRole,
  type SesAccountState,
  type SessionCredentials,
} from '#libs/aws';
import { newExternalId, newId } from '#libs/crypto';
import type { RoleConnection } from '../connection.js';
import { AssumeRole } from '../sessions/assume-role.js';
import { simulatorAddress, type SessionPurpose } from '../sessions/session-policies.js';
import type { PermissionProbe, ProbeAnswer } from './judge-permission.js';
import type { RefusalAnswer } from './judge-refusal.js';
import type { ProbeSender } from './probe-sender.js';

/** The shortest session there is: enough for the probes. */
const probeSeconds = 900;

/** The questions that a round of checks puts to AWS. Failures are answers. */
@Injectable()
export class Probes {
  constructor(
    @Inject(AssumeRole) private readonly assumeRole: AssumeRole,
    @Inject(SesGateway) private readonly ses: Pick<SesGateway, 'getAccount' | 'sendEmail'>,
  ) {}

  open(connection: RoleConnection, externalId: string): Promise<AssumedRole | AwsFailure> {
    return this.assume(connection, 'check', externalId, probeSeconds);
  }

  /** Whether the role opens for somebody who is not its connection. What it gives is dropped unseen. */
  async openWrongly(
    connection: RoleConnection,
    externalId: string | 'none' | 'random',
  ): Promise<RefusalAnswer> {
    const wrong = externalId === 'none' ? undefined : externalId === 'random' ? newExternalId() : externalId;
    const answer = await this.assume(connection, 'check', wrong, probeSeconds);
    return answer instanceof AwsFailure ? answer : 'opened';
  }

  /** Asks for a session exactly as sending will. @returns undefined when it was granted */
  async duration(connection: RoleConnection, externalId: string): Promise<AwsFailure | undefined> {
    const answer = await this.assume(connection, 'send', externalId, connection.requestedSessionSeconds);
    return answer instanceof AwsFailure ? answer : undefined;
  }

  account(credentials: SessionCredentials, region: string): Promise<SesAccountState | AwsFailure> {
    return answerOf(this.ses.getAccount(credentials, region));
  }

  async permission(
    credentials: SessionCredentials,
    region: string,
    sender: ProbeSender,
  ): Promise<PermissionProbe> {
    const text =
      'A permission probe of Sesame. It names a configuration set that does not exist, so that it is never sent.';
    const subject = 'Sesame permission probe';
    const simple = { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } };
    const mime = `From: ${sender.from}\r\nTo: ${simulatorAddress}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n${text}\r\n`;
    return {
      ...sender,
      simple: await this.sendNowhere(credentials, region, sender.from, simple),
      raw: await this.sendNowhere(credentials, region, sender.from, { Raw: { Data: Buffer.from(mime) } }),
    };
  }

  private async sendNowhere(
    credentials: SessionCredentials,
    region: string,
    from: string,
    content: Content,
  ): Promise<ProbeAnswer> {
    const answer = await answerOf(
      this.ses.sendEmail(credentials, region, {
        FromEmailAddress: from,
        Destination: { ToAddresses: [simulatorAddress] },
        ConfigurationSetName: `sesame-permission-probe-${newId().slice(-12)}`,
        Content: content,
      }),
    );
    return answer instanceof AwsFailure ? answer : 'sent';
  }

  private assume(
    connection: RoleConnection,
    purpose: SessionPurpose,
    externalId: string | undefined,
    durationSeconds: number,
  ): Promise<AssumedRole | AwsFailure> {
    return answerOf(this.assumeRole.once(connection, { purpose, externalId, durationSeconds }));
  }
}

type Content = NonNullable<Parameters<SesGateway['sendEmail']>[2]['Content']>;

async function answerOf<T>(call: Promise<T>): Promise<T | AwsFailure> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsFailure) return error;
    throw error;
  }
}
