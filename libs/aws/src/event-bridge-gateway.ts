import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsFailure } from './aws-failure.js';
import { clientSettings, controlCall } from './control-call.js';
import type { AwsSession } from './credentials.js';

export interface ApiDestinationSpec {
  name: string;
  connectionArn: string;
  /** URL that gets each event as the body of a POST. */
  endpoint: string;
}

export interface ApiKeySpec {
  name: string;
  header: string;
  value: string;
}

export interface RuleSpec {
  name: string;
  pattern: object;
  target: { id: string; arn: string; roleArn: string };
}

const sdk = () => import('@aws-sdk/client-eventbridge');
const goneCodes = ['ResourceNotFoundException'];
const existsCodes = ['ResourceAlreadyExistsException'];

/** Rules on the default bus that post events to a URL. Every call may be repeated. */
export class EventBridgeGateway {
  constructor(private readonly handler: NodeHttpHandler) {}

  /** The login at the endpoint. @returns its ARN @throws AwsFailure */
  async putConnection(session: AwsSession, { name, header, value }: ApiKeySpec): Promise<string> {
    const { CreateConnectionCommand, UpdateConnectionCommand } = await sdk();
    const input = {
      Name: name,
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: header, ApiKeyValue: value } },
    } as const;
    const answer =
      (await this.call(session, 'CreateConnection', existsCodes, (client) =>
        client.send(new CreateConnectionCommand(input)),
      )) ??
      (await this.call(session, 'UpdateConnection', [], (client) =>
        client.send(new UpdateConnectionCommand(input)),
      ));
    return arn('CreateConnection', answer?.ConnectionArn);
  }

  /** @returns its ARN @throws AwsFailure */
  async putApiDestination(
    session: AwsSession,
    { name, connectionArn, endpoint }: ApiDestinationSpec,
  ): Promise<string> {
    const { CreateApiDestinationCommand, UpdateApiDestinationCommand } = await sdk();
    const input = {
      Name: name,
      ConnectionArn: connectionArn,
      InvocationEndpoint: endpoint,
      HttpMethod: 'POST',
      InvocationRateLimitPerSecond: 300,
    } as const;
    const answer =
      (await this.call(session, 'CreateApiDestination', existsCodes, (client) =>
        client.send(new CreateApiDestinationCommand(input)),
      )) ??
      (await this.call(session, 'UpdateApiDestination', [], (client) =>
        client.send(new UpdateApiDestinationCommand(input)),
      ));
    return arn('CreateApiDestination', answer?.ApiDestinationArn);
  }

  /** @throws AwsFailure, also for a target that EventBridge did not take */
  async putRule(session: AwsSession, { name, pattern, target }: RuleSpec): Promise<void> {
    const { PutRuleCommand, PutTargetsCommand } = await sdk();
    await this.call(session, 'PutRule', [], (client) =>
      client.send(
        new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), State: 'ENABLED' }),
      ),
    );
    const answer = await this.call(session, 'PutTargets', [], (client) =>
      client.send(
        new PutTargetsCommand({
          Rule: name,
          Targets: [{ Id: target.id, Arn: target.arn, RoleArn: target.roleArn }],
        }),
      ),
    );
    const [failed] = answer?.FailedEntries ?? [];
    if (failed !== undefined)
      throw new AwsFailure({
        service: 'events',
        operation: 'PutTargets',
        code: failed.ErrorCode ?? 'FailedEntry',
        message: failed.ErrorMessage ?? '',
        effect: 'no',
      });
  }

  /** Rule, API destination and connection of one name, as far as they are there. @throws AwsFailure */
  async deleteAll(session: AwsSession, name: string, targetId: string): Promise<void> {
    const { RemoveTargetsCommand, DeleteRuleCommand, DeleteApiDestinationCommand, DeleteConnectionCommand } =
      await sdk();
    await this.call(session, 'RemoveTargets', goneCodes, (client) =>
      client.send(new RemoveTargetsCommand({ Rule: name, Ids: [targetId] })),
    );
    await this.call(session, 'DeleteRule', goneCodes, (client) =>
      client.send(new DeleteRuleCommand({ Name: name })),
    );
    await this.call(session, 'DeleteApiDestination', goneCodes, (client) =>
      client.send(new DeleteApiDestinationCommand({ Name: name })),
    );
    await this.call(session, 'DeleteConnection', goneCodes, (client) =>
      client.send(new DeleteConnectionCommand({ Name: name })),
    );
  }

  private async call<T>(
    session: AwsSession,
    operation: string,
    doneCodes: readonly string[],
    send: (client: EventBridgeClient) => Promise<T>,
  ): Promise<T | undefined> {
    const { EventBridgeClient } = await sdk();
    const client = new EventBridgeClient(clientSettings(session, this.handler));
    return controlCall('events', operation, doneCodes, () => send(client));
  }
}

function arn(operation: string, value: string | undefined): string {
  if (value?.startsWith('arn:') === true) return value;
  const message = 'EventBridge answered without an ARN.';
  throw new AwsFailure({ service: 'events', operation, code: 'MalformedAnswer', message, effect: 'unknown' });
}
