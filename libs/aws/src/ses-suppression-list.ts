import {
  DeleteSuppressedDestinationCommand,
  GetAccountCommand,
  ListSuppressedDestinationsCommand,
  PutSuppressedDestinationCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { clientSettings, controlCall } from './control-call.js';
import type { AwsSession } from './credentials.js';

export type SesSuppressionReason = 'BOUNCE' | 'COMPLAINT';

/** An entry of the list, spelled as the list has it. */
export interface SesSuppressed {
  address: string;
  reason: SesSuppressionReason;
  updatedAt: Date;
}

export interface SesSuppressedPage {
  items: readonly SesSuppressed[];
  /** Undefined on the last page. */
  nextToken: string | undefined;
}

/** What ListSuppressedDestinations gives at most. */
const PAGE_SIZE = 1_000;

/**
 * The account-level suppression list of an SES account and region. SES allows about one call of each kind per second, so every call is
 * tried once: whoever calls decides when the next one is.
 */
export class SesSuppressionList {
  constructor(private readonly handler: NodeHttpHandler) {}

  /** @param since by the time of the entry's last change @throws AwsFailure */
  async page(
    session: AwsSession,
    since: Date | undefined,
    nextToken: string | undefined,
  ): Promise<SesSuppressedPage> {
    const answer = await controlCall('ses', 'ListSuppressedDestinations', [], () =>
      this.client(session).send(
        new ListSuppressedDestinationsCommand({
          PageSize: PAGE_SIZE,
          ...(since !== undefined && { StartDate: since }),
          ...(nextToken !== undefined && { NextToken: nextToken }),
        }),
      ),
    );
    return {
      items: (answer?.SuppressedDestinationSummaries ?? []).flatMap(
        ({ EmailAddress: address, Reason: reason, LastUpdateTime: updatedAt }) =>
          address === undefined || updatedAt === undefined
            ? []
            : [{ address, reason: reason === 'COMPLAINT' ? 'COMPLAINT' : 'BOUNCE', updatedAt }],
      ),
      nextToken: answer?.NextToken === '' ? undefined : answer?.NextToken,
    };
  }

  /** One that is there already gets the reason. SES refuses it while the account is in the SES sandbox. @throws AwsFailure */
  async put(session: AwsSession, address: string, reason: SesSuppressionReason): Promise<void> {
    await controlCall('ses', 'PutSuppressedDestination', [], () =>
      this.client(session).send(
        new PutSuppressedDestinationCommand({ EmailAddress: address, Reason: reason }),
      ),
    );
  }

  /** One that is not there is no failure. @throws AwsFailure */
  async delete(session: AwsSession, address: string): Promise<void> {
    await controlCall('ses', 'DeleteSuppressedDestination', ['NotFoundException'], () =>
      this.client(session).send(new DeleteSuppressedDestinationCommand({ EmailAddress: address })),
    );
  }

  /** For what the account suppresses at all: entries of another reason have no effect. @throws AwsFailure */
  async reasons(session: AwsSession): Promise<SesSuppressionReason[]> {
    const answer = await controlCall('ses', 'GetAccount', [], () =>
      this.client(session).send(new GetAccountCommand({})),
    );
    return (answer?.SuppressionAttributes?.SuppressedReasons ?? []).filter(
      (reason): reason is SesSuppressionReason => reason === 'BOUNCE' || reason === 'COMPLAINT',
    );
  }

  private client(session: AwsSession): SESv2Client {
    return new SESv2Client(clientSettings(session, this.handler, 1));
  }
}
