import {
  CreateConfigurationSetCommand,
  CreateConfigurationSetEventDestinationCommand,
  DeleteConfigurationSetCommand,
  ListEmailIdentitiesCommand,
  PutConfigurationSetTrackingOptionsCommand,
  SESv2Client,
  UpdateConfigurationSetEventDestinationCommand,
  type EventDestinationDefinition,
  type EventType,
} from '@aws-sdk/client-sesv2';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { clientSettings, controlCall } from './control-call.js';
import type { AwsSession } from './credentials.js';

/** Where a configuration set publishes its events. */
export type SesEventTarget = { topicArn: string } | { eventBusArn: string };

/** Configuration sets and their event destinations. Every call may be repeated. */
export class ConfigurationSets {
  constructor(private readonly handler: NodeHttpHandler) {}

  /** @returns false when it exists already @throws AwsFailure */
  async create(session: AwsSession, name: string): Promise<boolean> {
    const made = await controlCall('ses', 'CreateConfigurationSet', ['AlreadyExistsException'], () =>
      this.client(session).send(new CreateConfigurationSetCommand({ ConfigurationSetName: name })),
    );
    return made !== undefined;
  }

  /** @returns false when it is gone already @throws AwsFailure */
  async delete(session: AwsSession, name: string): Promise<boolean> {
    const gone = await controlCall('ses', 'DeleteConfigurationSet', ['NotFoundException'], () =>
      this.client(session).send(new DeleteConfigurationSetCommand({ ConfigurationSetName: name })),
    );
    return gone !== undefined;
  }

  /**
   * Makes the event destination, or brings it to this state. SES answers a topic with a test message, and refuses one that it may not
   * publish to.
   *
   * @throws AwsFailure
   */
  async putEventDestination(
    session: AwsSession,
    setName: string,
    name: string,
    types: readonly EventType[],
    target: SesEventTarget,
  ): Promise<void> {
    const EventDestination: EventDestinationDefinition = {
      // Left out means off.
      Enabled: true,
      MatchingEventTypes: [...types],
      ...('topicArn' in target
        ? { SnsDestination: { TopicArn: target.topicArn } }
        : { EventBridgeDestination: { EventBusArn: target.eventBusArn } }),
    };
    const input = { ConfigurationSetName: setName, EventDestinationName: name, EventDestination };
    const made = await controlCall(
      'ses',
      'CreateConfigurationSetEventDestination',
      ['AlreadyExistsException'],
      () => this.client(session).send(new CreateConfigurationSetEventDestinationCommand(input)),
    );
    if (made !== undefined) return;
    await controlCall('ses', 'UpdateConfigurationSetEventDestination', [], () =>
      this.client(session).send(new UpdateConfigurationSetEventDestinationCommand(input)),
    );
  }

  /** Whose host the links of tracked mail show. @param domain null: SES's own @throws AwsFailure */
  async setRedirectDomain(session: AwsSession, setName: string, domain: string | null): Promise<void> {
    await controlCall('ses', 'PutConfigurationSetTrackingOptions', [], () =>
      this.client(session).send(
        new PutConfigurationSetTrackingOptionsCommand({
          ConfigurationSetName: setName,
          ...(domain !== null && { CustomRedirectDomain: domain }),
        }),
      ),
    );
  }

  /** @returns a domain that mail may be sent from, of the first hundred identities @throws AwsFailure */
  async sendingDomain(session: AwsSession): Promise<string | undefined> {
    const answer = await controlCall('ses', 'ListEmailIdentities', [], () =>
      this.client(session).send(new ListEmailIdentitiesCommand({ PageSize: 100 })),
    );
    return answer?.EmailIdentities?.find(
      ({ IdentityType, SendingEnabled, VerificationStatus }) =>
        IdentityType === 'DOMAIN' &&
        SendingEnabled === true &&
        (VerificationStatus === undefined || VerificationStatus === 'SUCCESS'),
    )?.IdentityName;
  }

  private client(session: AwsSession): SESv2Client {
    return new SESv2Client(clientSettings(session, this.handler));
  }
}
