import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  GetEmailIdentityCommand,
  PutEmailIdentityDkimSigningAttributesCommand,
  PutEmailIdentityMailFromAttributesCommand,
  SESv2Client,
  type GetEmailIdentityCommandOutput,
} from '@aws-sdk/client-sesv2';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsFailure, toAwsFailure } from './aws-failure.js';
import type { SessionCredentials } from './credentials.js';

/** SES's own word for how far a verification is. */
export type SesVerification = 'NOT_STARTED' | 'PENDING' | 'SUCCESS' | 'FAILED' | 'TEMPORARY_FAILURE';

export interface SesIdentityState {
  /** Whether mail from it is accepted: the one to trust. */
  isVerifiedForSending: boolean;
  verification: SesVerification;
  dkim: {
    status: SesVerification;
    /** Three for Easy DKIM: names and targets of its CNAMEs. */
    tokens: readonly string[];
    /** Where the CNAMEs point: `dkim.amazonses.com`, in some regions another one. */
    hostedZone: string;
    /** False: the customer signs with a key of his own, and there are no CNAMEs. */
    isEasy: boolean;
  };
  /** Null: SES's own MAIL FROM domain. */
  mailFrom: { domain: string; status: SesVerification } | null;
  tags: Readonly<Record<string, string>>;
}

/** SES allows about one control-plane call per second; the SDK waits and tries again. */
const ATTEMPTS = 4;

/** Domain identities of SES, through the SDK's client. Every call may be repeated. */
export class SesIdentities {
  constructor(private readonly handler: NodeHttpHandler) {}

  /** @returns undefined when SES has no such identity @throws AwsFailure */
  async get(
    credentials: SessionCredentials,
    region: string,
    domain: string,
  ): Promise<SesIdentityState | undefined> {
    try {
      return toState(
        await this.client(credentials, region).send(new GetEmailIdentityCommand({ EmailIdentity: domain })),
      );
    } catch (error) {
      const failure = toAwsFailure('ses', 'GetEmailIdentity', error);
      if (failure.code === 'NotFoundException') return undefined;
      throw failure;
    }
  }

  /** With Easy DKIM, 2048 bits. @returns false when it exists already @throws AwsFailure */
  async create(
    credentials: SessionCredentials,
    region: string,
    domain: string,
    tags: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    return this.run('CreateEmailIdentity', 'AlreadyExistsException', async () => {
      await this.client(credentials, region).send(
        new CreateEmailIdentityCommand({
          EmailIdentity: domain,
          DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
    });
  }

  /** Also begins SES's search for its MX anew. Mail goes on under SES's own MAIL FROM meanwhile. @throws AwsFailure */
  async setMailFrom(
    credentials: SessionCredentials,
    region: string,
    domain: string,
    mailFromDomain: string,
  ): Promise<void> {
    await this.run('PutEmailIdentityMailFromAttributes', undefined, async () => {
      await this.client(credentials, region).send(
        new PutEmailIdentityMailFromAttributesCommand({
          EmailIdentity: domain,
          MailFromDomain: mailFromDomain,
          BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
        }),
      );
    });
  }

  /** Begins SES's search for the DKIM records anew, after it has given up (72 hours). @throws AwsFailure */
  async restartDkim(credentials: SessionCredentials, region: string, domain: string): Promise<void> {
    await this.run('PutEmailIdentityDkimSigningAttributes', undefined, async () => {
      await this.client(credentials, region).send(
        new PutEmailIdentityDkimSigningAttributesCommand({
          EmailIdentity: domain,
          SigningAttributesOrigin: 'AWS_SES',
        }),
      );
    });
  }

  /** @returns false when it is gone already @throws AwsFailure */
  async delete(credentials: SessionCredentials, region: string, domain: string): Promise<boolean> {
    return this.run('DeleteEmailIdentity', 'NotFoundException', async () => {
      await this.client(credentials, region).send(new DeleteEmailIdentityCommand({ EmailIdentity: domain }));
    });
  }

  /** @returns false when SES answers with the code that means "done already" */
  private async run(
    operation: string,
    doneCode: string | undefined,
    call: () => Promise<void>,
  ): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      const failure = toAwsFailure('ses', operation, error);
      if (failure.code === doneCode) return false;
      throw failure;
    }
  }

  private client(
    { accessKeyId, secretAccessKey, sessionToken }: SessionCredentials,
    region: string,
  ): SESv2Client {
    return new SESv2Client({
      region,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      requestHandler: this.handler,
      maxAttempts: ATTEMPTS,
    });
  }
}

function toState(answer: GetEmailIdentityCommandOutput): SesIdentityState {
  if (answer.IdentityType === 'EMAIL_ADDRESS') {
    const fields = { service: 'ses', operation: 'GetEmailIdentity', code: 'MalformedAnswer' } as const;
    throw new AwsFailure({ ...fields, message: 'an address, not a domain', effect: 'no' });
  }
  const { DkimAttributes: dkim, MailFromAttributes: mailFrom } = answer;
  return {
    isVerifiedForSending: answer.VerifiedForSendingStatus ?? false,
    verification: answer.VerificationStatus ?? 'NOT_STARTED',
    dkim: {
      status: dkim?.Status ?? 'NOT_STARTED',
      tokens: dkim?.Tokens ?? [],
      hostedZone: dkim?.SigningHostedZone ?? 'dkim.amazonses.com',
      isEasy: dkim?.SigningAttributesOrigin !== 'EXTERNAL',
    },
    mailFrom:
      mailFrom?.MailFromDomain === undefined || mailFrom.MailFromDomain === ''
        ? null
        : { domain: mailFrom.MailFromDomain, status: mailFrom.MailFromDomainStatus ?? 'PENDING' },
    tags: Object.fromEntries((answer.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
}
