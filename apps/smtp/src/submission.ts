import { Inject, Injectable } from '@nestjs/common';
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerDataStream,
  SMTPServerSession,
} from 'smtp-server';
import { CONFIG, type Config } from '#libs/config';
import { AcceptRaw, type Sender } from '#libs/emails';
import { AppError } from '#libs/errors';
import { RequestLog } from '#libs/logs';
import { Logger } from '#libs/telemetry';
import { ByteBudget } from './byte-budget.js';
import { Login } from './login.js';
import { readRecipient } from './recipient.js';
import { receiveMessage } from './receive-message.js';
import { Reply, replyTo } from './reply.js';
import { Visitors } from './visitors.js';

const MAX_USER_AGENT = 256;

/** What a session keeps once it has logged in. */
interface LoggedIn {
  /** Asked for again with each message: it may have been revoked meanwhile. */
  password: string;
  /** Who sends the current message. */
  sender: Sender;
}

/** What happens at each step of an SMTP session. Every method throws what the client is to be told. */
@Injectable()
export class Submission {
  private readonly budget: ByteBudget;
  private readonly receiving = new Set<SMTPServerSession>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Login) private readonly login: Login,
    @Inject(Visitors) private readonly visitors: Visitors,
    @Inject(AcceptRaw) private readonly accept: AcceptRaw,
    @Inject(RequestLog) private readonly requests: RequestLog,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    this.budget = new ByteBudget(config.smtp.bytesInFlight);
  }

  connected(session: SMTPServerSession): void {
    this.visitors.enter(session.id, session.remoteAddress);
  }

  closed(session: SMTPServerSession): void {
    this.visitors.leave(session.id);
  }

  async authenticated(
    { username, password }: SMTPServerAuthentication,
    session: SMTPServerSession,
  ): Promise<LoggedIn> {
    this.visitors.mayLogIn(session.remoteAddress);
    try {
      const key = password ?? '';
      return { password: key, sender: await this.login.execute(username, key) };
    } catch (error) {
      if (error instanceof Reply && error.responseCode === 535) {
        this.logger.info('smtp.login_failed', { remoteAddress: session.remoteAddress });
        this.visitors.failed(session.id, session.remoteAddress);
      }
      throw error;
    }
  }

  async mailFrom(session: SMTPServerSession): Promise<void> {
    const user = loggedIn(session);
    user.sender = await this.login.again(user.password);
  }

  /** A bad recipient is refused alone: the others of the envelope stay. */
  recipient({ address }: SMTPServerAddress): void {
    readRecipient(address);
  }

  /** @returns the text of the 250, which is given only for what is committed */
  async message(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    this.receiving.add(session);
    const { sender } = loggedIn(session);
    try {
      const id = await this.take(stream, session, sender);
      this.remember(sender, session, 250, { id });
      return `2.0.0 Ok ${id}`;
    } catch (error) {
      const { responseCode, message } = replyTo(error);
      this.log(error, responseCode, sender);
      this.remember(sender, session, responseCode, { statusCode: responseCode, message });
      throw error;
    } finally {
      this.receiving.delete(session);
    }
  }

  isReceiving(session: SMTPServerSession): boolean {
    return this.receiving.has(session);
  }

  private async take(
    stream: SMTPServerDataStream,
    { envelope }: SMTPServerSession,
    sender: Sender,
  ): Promise<string> {
    const recipients = envelope.rcptTo.map(({ address }) => readRecipient(address));
    const { bytes, release } = await receiveMessage(stream, this.budget, {
      maxBytes: this.config.smtp.maxMessageBytes,
      declared: declaredSize(envelope.mailFrom),
    });
    try {
      const { id } = await this.accept.execute(sender, { recipients, message: bytes });
      const { projectId } = sender;
      this.logger.info('smtp.accepted', {
        projectId,
        emailId: id,
        recipients: recipients.length,
        bytes: bytes.length,
      });
      return id;
    } finally {
      release();
    }
  }

  /** In the project's log, where its requests to the API are. */
  private remember(
    { projectId, apiKeyId }: Sender,
    { envelope, hostNameAppearsAs }: SMTPServerSession,
    responseStatus: number,
    answer: object,
  ): void {
    const { mailFrom, rcptTo } = envelope;
    const from = mailFrom === false ? '' : mailFrom.address;
    const entry = {
      projectId,
      apiKeyId,
      method: 'SMTP',
      endpoint: '/emails',
      responseStatus,
      userAgent: hostNameAppearsAs.slice(0, MAX_USER_AGENT),
      requestBody: { mail_from: from, rcpt_to: rcptTo.map(({ address }) => address) },
      responseBody: JSON.stringify(answer),
    };
    this.requests.add(entry, JSON.stringify(entry.requestBody).length);
  }

  private log(error: unknown, reply: number, { projectId }: Sender): void {
    const code = error instanceof AppError ? error.code : undefined;
    if (error instanceof Reply || (error instanceof AppError && error.kind !== 'internal'))
      this.logger.info('smtp.refused', { projectId, reply, code });
    else this.logger.error('smtp.failed', { projectId, reply, code, error });
  }
}

/** smtp-server lets nobody get this far who has not logged in; should it ever, this is where it ends. */
function loggedIn(session: SMTPServerSession): LoggedIn {
  const user: unknown = session.user;
  if (typeof user === 'object' && user !== null && 'password' in user && 'sender' in user)
    return user as LoggedIn;
  throw new Reply(530, '5.7.0 Authentication required');
}

function declaredSize(mailFrom: SMTPServerAddress | false): number {
  const size = mailFrom === false || mailFrom.args === false ? undefined : mailFrom.args['SIZE'];
  return typeof size === 'string' && /^\d{1,12}$/.test(size) ? Number(size) : 0;
}
