import { DeleteConfigurationSetCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { Customer, region, type Check, type ConnectionBody } from './customer.js';
import type { Stack } from './stack.js';
import { until } from './until.js';

export interface FeedbackBody {
  status: string;
  status_reason: string | null;
  mode: string;
  configuration_set: string;
  topic_arn: string | null;
  endpoint_url: string | null;
  dead_letter: { queue_url: string; messages: number | null } | null;
  managed: boolean;
  steps: Check[];
  problem: { detail: string } | null;
  foreign_events: number;
  rejected_events: number;
}

interface SandboxMessage {
  message_id: string;
  to: string[];
  tags: { name: string; value: string }[];
}

type KitPurposes = readonly ('send' | 'events' | 'configure')[];

/** A customer whose role may set feedback up, unless it was given less. */
export class FeedbackCustomer {
  private constructor(
    readonly customer: Customer,
    readonly connectionId: string,
  ) {}

  static async connect(
    stack: Stack,
    account: string,
    purposes: KitPurposes = ['send', 'events', 'configure'],
  ): Promise<FeedbackCustomer> {
    const customer = await Customer.create(stack, account, `c${account.slice(-4)}.example`);
    const connection = await customer.newConnection();
    const policies = await FeedbackCustomer.kits(customer, connection.id, purposes);
    const roleArn = await customer.putRole('Sender', connection.id, { policies });
    await customer.api('PATCH', `/v1/connections/${connection.id}`, { role_arn: roleArn });
    await customer.untilStatus(connection.id, 'active');
    return new FeedbackCustomer(customer, connection.id);
  }

  private static async kits(
    customer: Customer,
    connectionId: string,
    purposes: KitPurposes = ['send', 'events', 'configure'],
  ): Promise<Record<string, object>> {
    const policies: Record<string, object> = {};
    for (const purpose of purposes) {
      const path = `/v1/connections/${connectionId}/kit?purpose=${purpose}&format=json`;
      policies[purpose] = await until(
        `kit ${purpose}`,
        async () => {
          const answer = await customer.api<{ permissions_policy: object }>('GET', path);
          if (answer.status === 200) return answer.body.permissions_policy;
          throw new Error(JSON.stringify(answer.body));
        },
        60_000,
      );
    }
    return policies;
  }

  get path(): string {
    return `/v1/connections/${this.connectionId}/feedback`;
  }

  async setUp(mode: string, manual?: object): Promise<FeedbackBody> {
    const answer = await this.customer.api<FeedbackBody>('POST', this.path, {
      mode,
      ...(manual !== undefined && { manual }),
    });
    if (answer.status !== 202) throw new Error(`feedback: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async read(): Promise<FeedbackBody> {
    return (await this.customer.api<FeedbackBody>('GET', this.path)).body;
  }

  /** Waits for a step that needs somebody. */
  async untilFailed(name: string): Promise<Check> {
    return until(`step ${name} failed`, async () => {
      const feedback = await this.read();
      const step = feedback.steps.find((candidate) => candidate.name === name);
      if (feedback.status === 'failed' && step?.outcome === 'failed') return step;
      throw new Error(JSON.stringify(feedback));
    });
  }

  async untilStatus(status: string): Promise<FeedbackBody> {
    return until(`feedback ${status}`, async () => {
      const feedback = await this.read();
      if (feedback.status === status) return feedback;
      throw new Error(JSON.stringify(feedback));
    });
  }

  /** Puts a further policy on the role, as a remedy says. */
  async allow(name: string, policy: object): Promise<ConnectionBody> {
    const policies = await FeedbackCustomer.kits(this.customer, this.connectionId);
    await this.customer.putRole('Sender', this.connectionId, { policies: { ...policies, [name]: policy } });
    return this.customer.connection(this.connectionId);
  }

  /** The message that an email of ours became in the sandbox. */
  async messageOf(emailId: string): Promise<SandboxMessage> {
    const messages = await this.customer.admin<SandboxMessage[]>(
      'GET',
      `/messages?account=${this.customer.account}&raw=false`,
    );
    const found = messages.find(({ tags }) => tags.some(({ value }) => value === emailId));
    if (found === undefined) throw new Error(`no message of ${emailId}`);
    return found;
  }

  /** Somebody of the customer who may do some things by himself. */
  async administrator(...actions: string[]): Promise<{ accessKeyId: string; secretAccessKey: string }> {
    const allow = { Effect: 'Allow', Action: actions, Resource: '*' };
    const user = await this.customer.admin<{ access_key_id: string; secret_access_key: string }>(
      'PUT',
      `/accounts/${this.customer.account}/users/admin`,
      { policies: { admin: { Version: '2012-10-17', Statement: [allow] } } },
    );
    return { accessKeyId: user.access_key_id, secretAccessKey: user.secret_access_key };
  }

  /** Somebody of the customer deletes the configuration set. */
  async deleteConfigurationSet(name: string): Promise<void> {
    const client = new SESv2Client({
      region,
      endpoint: this.customer.stack.sandbox.url,
      credentials: await this.administrator('ses:DeleteConfigurationSet'),
    });
    await client.send(new DeleteConfigurationSetCommand({ ConfigurationSetName: name }));
    client.destroy();
  }

  /** What lies in the account under our names. */
  async resources(): Promise<string[]> {
    const state = await this.customer.admin<{
      accounts: Record<string, { regions: Record<string, Record<string, unknown>> }>;
    }>('GET', '/state');
    const found = state.accounts[this.customer.account]?.regions[region] ?? {};
    const { configuration_sets, topics, queues, event_bus } = found;
    return (
      JSON.stringify({ configuration_sets, topics, queues, event_bus }).match(/sesame-[0-9a-f]{12}/g) ?? []
    );
  }
}
