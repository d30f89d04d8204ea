import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { PLATFORM_ACCESS_KEY_ID, PLATFORM_SECRET_ACCESS_KEY } from '../platform.js';
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../sandbox.js';

export const CUSTOMER = '444455556666';
export const REGION = 'eu-west-1';
export const EXTERNAL_ID = 'ses-0123456789abcdef';
export const ROLE_ARN = `arn:aws:iam::${CUSTOMER}:role/Sender`;
export const PLATFORM_USER_ARN = 'arn:aws:iam::111122223333:user/sesame-platform';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

export const statement = (
  action: string | string[],
  resource: string | string[] = '*',
  condition?: object,
): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: action,
      Resource: resource,
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ],
});

export const trust = (
  principal: unknown = { AWS: PLATFORM_USER_ARN },
  condition: object | null = { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: principal,
      Action: 'sts:AssumeRole',
      ...(condition === null ? {} : { Condition: condition }),
    },
  ],
});

/** A running sandbox with the clients a test needs. The SDK's own retries are off: a test sees every answer. */
export class Harness {
  private readonly clients: { destroy(): void }[] = [];

  private constructor(readonly sandbox: RunningSandbox) {}

  static async start(options: SandboxOptions = {}): Promise<Harness> {
    return new Harness(await startSandbox(options));
  }

  get url(): string {
    return this.sandbox.url;
  }

  /** New clients start with the simulated time; the SDK follows later jumps from the Date header by itself. */
  private get clockOffsetMs(): number {
    return this.sandbox.clock.offsetSeconds * 1000;
  }

  async admin(method: string, path: string, body?: unknown): Promise<AdminAnswer> {
    const response = await fetch(`${this.url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  async adminOk<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.admin(method, path, body);
    if (answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  putRole(
    fields: { name?: string; account?: string; [field: string]: unknown } = {},
  ): Promise<{ arn: string; role_id: string }> {
    const { name = 'Sender', account = CUSTOMER, ...rest } = fields;
    return this.adminOk('PUT', `/accounts/${account}/roles/${name}`, {
      trust_policy: trust(),
      policies: { all: statement('ses:*') },
      ...rest,
    });
  }

  /** A customer in production with a verified domain and a role that the platform may assume. */
  async seedCustomer(
    ses: object = { production_access: true, max_send_rate: 1000, max_24_hour_send: 50_000 },
  ): Promise<void> {
    await this.putRole();
    await this.adminOk('PUT', `/accounts/${CUSTOMER}/regions/${REGION}/identities/example.com`, {
      verified: true,
    });
    await this.adminOk('PATCH', `/accounts/${CUSTOMER}/regions/${REGION}/ses`, ses);
  }

  private clientConfig(credentials: Credentials, region: string) {
    return {
      endpoint: this.url,
      region,
      credentials,
      maxAttempts: 1,
      systemClockOffset: this.clockOffsetMs,
    };
  }

  sns(credentials: Credentials, region = REGION): SNSClient {
    const client = new SNSClient(this.clientConfig(credentials, region));
    this.clients.push(client);
    return client;
  }

  sqs(credentials: Credentials, region = REGION): SQSClient {
    const client = new SQSClient(this.clientConfig(credentials, region));
    this.clients.push(client);
    return client;
  }

  eventBridge(credentials: Credentials, region = REGION): EventBridgeClient {
    const client = new EventBridgeClient(this.clientConfig(credentials, region));
    this.clients.push(client);
    return client;
  }

  sts(
    credentials: Credentials = {
      accessKeyId: PLATFORM_ACCESS_KEY_ID,
      secretAccessKey: PLATFORM_SECRET_ACCESS_KEY,
    },
  ): STSClient {
    const client = new STSClient(this.clientConfig(credentials, REGION));
    this.clients.push(client);
    return client;
  }

  ses(credentials: Credentials, region = REGION): SESv2Client {
    const client = new SESv2Client(this.clientConfig(credentials, region));
    this.clients.push(client);
    return client;
  }

  async assume(input: Partial<AssumeRoleCommandInput> = {}, base?: Credentials): Promise<Credentials> {
    const answer = await this.sts(base).send(
      new AssumeRoleCommand({
        RoleArn: ROLE_ARN,
        RoleSessionName: 'test',
        ExternalId: EXTERNAL_ID,
        ...input,
      }),
    );
    const {
      AccessKeyId: accessKeyId = '',
      SecretAccessKey: secretAccessKey = '',
      SessionToken: sessionToken = '',
      Expiration: expiration,
    } = answer.Credentials ?? {};
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      ...(expiration === undefined ? {} : { expiration }),
    };
  }

  async customerSes(input: Partial<AssumeRoleCommandInput> = {}): Promise<SESv2Client> {
    return this.ses(await this.assume(input));
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await this.sandbox.close();
  }
}

/** What a call failed with: `Name|status|text`. */
export const failure = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return `${name}|${$metadata?.httpStatusCode ?? '-'}|${message}`;
  }
  return 'no failure';
};
