import {
  GetAccountCommand,
  SendEmailCommand,
  SESv2Client,
  SESv2ServiceException,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsFailure, isRefusalOfTime, toAwsFailure } from './aws-failure.js';
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

  /** AWS's clock minus ours, as the last client learned it from a refusal; each new one begins with it. */
  private skewMs = 0;

  constructor(private readonly handler: NodeHttpHandler) {}

  /** @throws AwsFailure */
  async getAccount(credentials: SessionCredentials, region: string): Promise<SesAccountState> {
    try {
      const answer = await this.inTime(this.newClient(credentials, region), (client) =>
        client.send(new GetAccountCommand({})),
      );
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
      const answer = await this.inTime(this.client(credentials, region), (client) =>
        client.send(new SendEmailCommand(input)),
      );
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

  /** Once more when the request was refused for its time alone: the client has put its clock right, and nothing was done. */
  private async inTime<T>(client: SESv2Client, send: (client: SESv2Client) => Promise<T>): Promise<T> {
    const before = client.config.systemClockOffset;
    try {
      return await send(client);
    } catch (error) {
      const skewMs = client.config.systemClockOffset;
      const isTimeRefused = error instanceof SESv2ServiceException && isRefusalOfTime(error.name);
      // SES accepts ±5 minutes: below one minute the clock is not to blame.
      if (!isTimeRefused || Math.abs(skewMs - before) < 60_000) throw error;
      this.skewMs = skewMs;
      return send(client);
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
      systemClockOffset: this.skewMs,
    });
  }
}
