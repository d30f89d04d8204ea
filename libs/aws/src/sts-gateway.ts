import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsFailure, isCredentialFailure, toAwsFailure } from './aws-failure.js';
import type { SessionCredentials } from './credentials.js';

export interface AssumeRoleRequest {
  roleArn: string;
  /** Absent only in the probe that must be refused. */
  externalId?: string;
  /** 2-64 of `[\w+=,.@-]`; seen in the customer's CloudTrail. */
  sessionName: string;
  /** 900-43 200. */
  durationSeconds: number;
  /** Inline session policy (JSON), which can only narrow what the role allows. */
  policy?: string;
}

export interface AssumedRole {
  credentials: SessionCredentials;
  /** `arn:aws:sts::<account>:assumed-role/<role name, without path>/<session name>` */
  assumedRoleArn: string;
  /** Where STS was called, and so where CloudTrail has it. */
  stsRegion: string;
}

export interface CallerIdentity {
  accountId: string;
  arn: string;
}

/**
 * STS as the platform principal: credentials come from the SDK's default provider chain, the endpoint from the SDK's
 * own variables, and from nowhere else.
 */
export class StsGateway {
  private client: Promise<STSClient> | undefined;

  constructor(private readonly handler: NodeHttpHandler) {}

  /** @throws AwsFailure */
  async callerIdentity(): Promise<CallerIdentity> {
    const answer = await this.call('GetCallerIdentity', (client) =>
      client.send(new GetCallerIdentityCommand({})),
    );
    return { accountId: answer.Account ?? '', arn: answer.Arn ?? '' };
  }

  /** @throws AwsFailure */
  async assumeRole(request: AssumeRoleRequest): Promise<AssumedRole> {
    const { answer, stsRegion } = await this.call('AssumeRole', async (client) => ({
      answer: await client.send(
        new AssumeRoleCommand({
          RoleArn: request.roleArn,
          ExternalId: request.externalId,
          RoleSessionName: request.sessionName,
          DurationSeconds: request.durationSeconds,
          Policy: request.policy,
        }),
      ),
      stsRegion: await client.config.region(),
    }));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    if (
      AccessKeyId === undefined ||
      SecretAccessKey === undefined ||
      SessionToken === undefined ||
      Expiration === undefined
    ) {
      throw new AwsFailure({
        service: 'sts',
        operation: 'AssumeRole',
        code: 'MalformedAnswer',
        message: 'STS answered without credentials.',
        effect: 'unknown',
      });
    }
    return {
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiresAt: Expiration,
      },
      assumedRoleArn: answer.AssumedRoleUser?.Arn ?? '',
      stsRegion,
    };
  }

  private async call<T>(operation: string, send: (client: STSClient) => Promise<T>): Promise<T> {
    try {
      return await send(await this.getClient());
    } catch (error) {
      const failure = toAwsFailure('sts', operation, error);
      if (!isCredentialFailure(failure) && failure.code !== 'CredentialsProviderError') throw failure;
      // Our own base credentials: a new client asks the provider chain again. Once.
      this.client = undefined;
      try {
        return await send(await this.getClient());
      } catch (second) {
        throw toAwsFailure('sts', operation, second);
      }
    }
  }

  private getClient(): Promise<STSClient> {
    this.client ??= createClient(this.handler);
    return this.client;
  }
}

/** The region is the deployment's (AWS_REGION, profile); us-east-1 where none is set. */
async function createClient(requestHandler: NodeHttpHandler): Promise<STSClient> {
  const client = new STSClient({ requestHandler, maxAttempts: 3 });
  try {
    await client.config.region();
    return client;
  } catch {
    return new STSClient({ requestHandler, maxAttempts: 3, region: 'us-east-1' });
  }
}
