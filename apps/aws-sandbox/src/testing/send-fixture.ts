import {
  SendEmailCommand,
  type SendEmailCommandInput,
  type SendEmailCommandOutput,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { CUSTOMER, Harness, REGION, statement } from './harness.js';

export const SES_ARN = `arn:aws:ses:${REGION}:${CUSTOMER}`;
export const SESSION_ARN = `arn:aws:sts::${CUSTOMER}:assumed-role/Sender/test`;
export const SIMPLE = { Subject: { Data: 'Hi' }, Body: { Text: { Data: 'Hello' } } };

export const sendDenied = (action: string, resource: string): string =>
  `AccessDeniedException|403|User \`${SESSION_ARN}' is not authorized to perform \`ses:${action}' on resource \`${SES_ARN}:${resource}'`;

/** The members of `GET /_sandbox/messages` that tests look at. */
export interface ShownMessage {
  readonly message_id: string;
  readonly subject: string;
  readonly raw: string;
  readonly outcomes: { type: string; recipients?: string[] }[];
}

/** A customer in production who sends: what most sending tests start from. */
export class SendFixture {
  private client: SESv2Client | null = null;

  private constructor(readonly h: Harness) {}

  static async start(): Promise<SendFixture> {
    return new SendFixture(await Harness.start());
  }

  async reset(): Promise<void> {
    await this.h.adminOk('POST', '/reset');
    await this.h.seedCustomer();
    this.client = await this.h.customerSes();
  }

  get ses(): SESv2Client {
    if (this.client === null) throw new Error('reset() comes first');
    return this.client;
  }

  /** Sends with other credentials from now on. */
  useClient(client: SESv2Client): void {
    this.client = client;
  }

  send(changes: Partial<SendEmailCommandInput> = {}): Promise<SendEmailCommandOutput> {
    return this.ses.send(
      new SendEmailCommand({
        FromEmailAddress: 'Shop <news@example.com>',
        Destination: { ToAddresses: ['someone@example.net'] },
        Content: { Simple: SIMPLE },
        ...changes,
      }),
    );
  }

  messages(): Promise<ShownMessage[]> {
    return this.h.adminOk('GET', '/messages');
  }

  async last(): Promise<ShownMessage> {
    const [message] = await this.messages();
    if (message === undefined) throw new Error('nothing was sent');
    return message;
  }

  patchSes(body: object): Promise<unknown> {
    return this.h.adminOk('PATCH', `/accounts/${CUSTOMER}/regions/${REGION}/ses`, body);
  }

  /** Replaces the role's permissions by one Allow statement. */
  onlyAllow(...args: Parameters<typeof statement>): Promise<unknown> {
    return this.h.putRole({ policies: { a: statement(...args) } });
  }

  close(): Promise<void> {
    return this.h.close();
  }
}

/** MIME text as Raw content. */
export const rawContent = (text: string): Partial<SendEmailCommandInput> => ({
  Content: { Raw: { Data: Buffer.from(text) } },
});
