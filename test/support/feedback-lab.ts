import {
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  CreateConnection,
  ProveConnection,
  ReadKit,
  RefreshPlatformPrincipal,
  UpdateConnection,
  type KitOptions,
} from '#libs/connections';
import {
  FeedbackModule,
  FollowFeedback,
  FollowFeedbackModule,
  PullFeedback,
  ReadFeedback,
  SetUpFeedback,
  WakeFeedback,
  type FeedbackObject,
} from '#libs/events';
import { newId } from '#libs/crypto';
import { OutboundModule } from '#libs/outbound';
import { customerAccount, Lab, region } from './connections-lab.js';

export interface FeedbackTenant {
  projectId: string;
  connectionId: string;
  roleName: string;
}

export type PurposeKit = Pick<KitOptions, 'purpose' | 'feedback'>;
export const everything: readonly PurposeKit[] = [
  { purpose: 'send' },
  { purpose: 'events' },
  { purpose: 'configure' },
];

/** The real modules with a simulated AWS and clock; jobs run when the test says so. */
export class FeedbackLab {
  private roles = 0;

  private constructor(readonly lab: Lab) {}

  static async start(environment: NodeJS.ProcessEnv): Promise<FeedbackLab> {
    const lab = await Lab.start(environment, () => ({
      modules: [OutboundModule, FeedbackModule, FollowFeedbackModule],
      config: {
        http: { publicUrl: 'http://127.0.0.1:9' },
        outbound: { allow: [], plainHttp: true },
        events: { certificateEndpoint: undefined },
      },
    }));
    await lab.admin('PATCH', '/settings', { signature_window_seconds: 100_000_000 });
    await lab.main.get(RefreshPlatformPrincipal).execute();
    return new FeedbackLab(lab);
  }

  /** A project with an active connection whose role has the kits of these purposes. */
  async newTenant(kits = everything): Promise<FeedbackTenant> {
    const { main } = this.lab;
    const projectId = await this.lab.newProject();
    const { connection } = await main.get(CreateConnection).execute(projectId, { region, actor: 'system' });
    const tenant = { projectId, connectionId: connection.id, roleName: `Feedback${++this.roles}` };
    await this.allow(tenant, kits);
    await main.get(UpdateConnection).execute(projectId, connection.id, {
      roleArn: `arn:aws:iam::${customerAccount}:role/${tenant.roleName}`,
      actor: 'system',
    });
    await main.get(ProveConnection).execute({ connectionId: connection.id });
    return tenant;
  }

  /** The role as the kit makes it for these purposes. */
  async allow(tenant: FeedbackTenant, kits: readonly PurposeKit[]): Promise<void> {
    await this.lab.putRole(tenant.roleName, await this.policiesOf(tenant, kits));
  }

  async policiesOf({ projectId, connectionId }: FeedbackTenant, kits: readonly PurposeKit[]) {
    const made = await Promise.all(
      kits.map((kit) =>
        this.lab.main.get(ReadKit).execute(projectId, connectionId, { ...kit, format: 'json' }),
      ),
    );
    return {
      trust_policy: made[0]?.trust_policy,
      policies: Object.fromEntries(made.map((kit) => [kit.purpose, kit.permissions_policy])),
    };
  }

  /** One tick of the worker and the jobs that it adds. */
  async tick(): Promise<void> {
    const { added } = this.lab.main.jobs;
    const from = added.length;
    await this.lab.main.get(WakeFeedback).execute();
    for (const { name, data } of added.slice(from)) {
      const tenant = { ...(data as { connectionId: string }), projectId: '', roleName: '' };
      if (name === 'feedback.follow') await this.follow(tenant);
    }
  }

  /** How often AWS was asked for something. */
  async calls(service: string, action: string): Promise<number> {
    return (await this.lab.admin<unknown[]>('GET', `/calls?service=${service}&action=${action}`)).length;
  }

  /** The IAM actions behind the calls of some services, sorted. */
  async actions(services: readonly string[]): Promise<string[]> {
    const calls = await this.lab.admin<{ service: string; action: string }[]>('GET', '/calls');
    const used = calls
      .filter(({ service }) => services.includes(service))
      .map(({ service, action }) => `${service}:${action.replace(/Batch$/, '')}`);
    return [...new Set(used)].sort();
  }

  async destinations({ connectionId }: FeedbackTenant) {
    const { sets } = await this.region();
    const set = sets[`sesame-${connectionId.slice(-12)}`] as
      { event_destinations: { Enabled: boolean; MatchingEventTypes: string[] }[] } | undefined;
    return set?.event_destinations ?? [];
  }

  /** A mail that SES accepted, so that a sender is known. */
  async sentMail({ projectId, connectionId }: FeedbackTenant): Promise<void> {
    await this.lab.main.database.query(
      `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes, ses_message_id)
       VALUES ($1, $2, $3, 'sent', 0, now(), 'News <news@example.org>', '{}', 'x', '[]', 1, 1, 'm')`,
      [newId(), projectId, connectionId],
    );
  }

  setUp({ projectId, connectionId }: FeedbackTenant, mode: 'pull' | 'sns' | 'eventbridge', manual?: object) {
    return this.lab.main
      .get(SetUpFeedback)
      .execute(projectId, connectionId, { mode, actor: 'system', ...(manual && { manual }) });
  }

  follow({ connectionId }: FeedbackTenant): Promise<void> {
    return this.lab.main.get(FollowFeedback).execute({ connectionId });
  }

  pull({ connectionId }: FeedbackTenant): Promise<void> {
    return this.lab.main.get(PullFeedback).execute({ connectionId }, new AbortController().signal);
  }

  read({ projectId, connectionId }: FeedbackTenant): Promise<FeedbackObject> {
    return this.lab.main.get(ReadFeedback).execute(projectId, connectionId);
  }

  /** Everything on its way is handed over. */
  async flush(): Promise<void> {
    await this.lab.admin('POST', '/events/flush');
  }

  /** Puts messages into a queue, as SNS would. */
  async send(queue: string, bodies: readonly string[]): Promise<void> {
    const { client, url } = await this.queue(queue);
    for (const MessageBody of bodies)
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    client.destroy();
  }

  /** Receives messages and dies: nobody else sees them for a while. @returns how many */
  async hold(queue: string): Promise<number> {
    const { client, url } = await this.queue(queue);
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
    );
    client.destroy();
    return Messages.length;
  }

  async deleteQueue(queue: string): Promise<void> {
    const { client, url } = await this.queue(queue);
    await client.send(new DeleteQueueCommand({ QueueUrl: url }));
    client.destroy();
  }

  /** As an administrator of the customer's account. */
  private async queue(name: string): Promise<{ client: SQSClient; url: string }> {
    const user = await this.lab.admin<{ access_key_id: string; secret_access_key: string }>(
      'PUT',
      `/accounts/${customerAccount}/users/admin`,
      {
        policies: {
          admin: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
          },
        },
      },
    );
    const client = new SQSClient({
      region,
      endpoint: this.lab.sandbox.url,
      credentials: { accessKeyId: user.access_key_id, secretAccessKey: user.secret_access_key },
    });
    return { client, url: `${this.lab.sandbox.url}/${customerAccount}/${name}` };
  }

  /** Names of what lies in the customer's account. */
  async resources(): Promise<Record<string, string[]>> {
    return Object.fromEntries(
      Object.entries(await this.region()).map(([kind, found]) => [kind, Object.keys(found)]),
    );
  }

  private async region() {
    type Found = Record<string, object>;
    const state = await this.lab.admin<{
      accounts: Record<
        string,
        { regions: Record<string, Record<string, Found> & { event_bus?: Record<string, Found> }> }
      >;
    }>('GET', '/state');
    const found = state.accounts[customerAccount]?.regions[region];
    return {
      sets: found?.['configuration_sets'] ?? {},
      topics: found?.['topics'] ?? {},
      queues: found?.['queues'] ?? {},
      rules: found?.event_bus?.['rules'] ?? {},
      connections: found?.event_bus?.['connections'] ?? {},
      destinations: found?.event_bus?.['api_destinations'] ?? {},
    };
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }
}
