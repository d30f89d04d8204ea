import {
  GetAccountCommand,
  SendEmailCommand,
  SESv2Client,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsFailure, toAwsFailure } from './aws-failure.js';
import type { SessionCredentials } from './credentials.js';

export interface SesAccountState {
  productionAccess: boolean;
  sendingEnabled: boolean;
  /** HEALTHY, PROBATION or SHUTDOWN. */
  enforcementStatus: string;
  /** Recipients per second. */
  maxSendRate: number;
  /** Recipients per rolling 24 hours; -1 is unlimited. */
  max24HourSend: number;
  sentLast24Hours: number;
}

/** Everything of SES apart from the hot SendEmail (see {@link SesSender}), through the SDK's client. */
export class SesGateway {
  // For sends only, where each lives as long as the credentials it uses. Kept for every connection they would be most of a worker's memory.
  private readonly clients = new WeakMap<SessionCredentials, SESv2Client>();

  constructor(private readonly handler: NodeHttpHandler) {}

  /** @throws AwsFailure */
  async getAccount(credentials: SessionCredentials, region: string): Promise<SesAccountState> {
    try {
      const answer = await this.newClient(credentials, region).send(new GetAccountCommand({}));
      return {
        productionAccess: answer.ProductionAccessEnabled ?? false,
        sendingEnabled: answer.SendingEnabled ?? false,
        enforcementStatus: answer.EnforcementStatus ?? 'HEALTHY',
        maxSendRate: answer.SendQuota?.MaxSendRate ?? 1,
        max24HourSend: answer.SendQuota?.Max24HourSend ?? 200,
        sentLast24Hours: answer.SendQuota?.SentLast24Hours ?? 0,
      };
    } catch (error) {
      throw toAwsFailure('ses', 'GetAccount', error);
    }
  }

  /**
   * SendEmail through the SDK, tried once: SES knows no idempotency token.
   *
   * @returns the SES message id
   * @throws AwsFailure
   */
  async sendEmail(
    credentials: SessionCredentials,
    region: string,
    input: SendEmailCommandInput,
  ): Promise<string> {
    try {
      const answer = await this.client(credentials, region).send(new SendEmailCommand(input));
      if (answer.MessageId !== undefined) return answer.MessageId;
      const fields = {
        service: 'ses',
        operation: 'SendEmail',
        code: 'MalformedAnswer',
        httpStatus: 200,
      } as const;
      throw new AwsFailure({ ...fields, message: '', effect: 'unknown' });
    } catch (error) {
      throw toAwsFailure('ses', 'SendEmail', error);
    }
  }

  private client(credentials: SessionCredentials, region: string): SESv2Client {
    const cached = this.clients.get(credentials);
    if (cached !== undefined) return cached;
    const client = this.newClient(credentials, region);
    this.clients.set(credentials, client);
    return client;
  }

  /** Sockets are the handler's: a client for one call costs a third of a millisecond and leaves nothing. */
  private newClient(
    { accessKeyId, secretAccessKey, sessionToken }: SessionCredentials,
    region: string,
  ): SESv2Client {
    return new SESv2Client({
      region,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      requestHandler: this.handler,
      maxAttempts: 1,
    });
  }
}
