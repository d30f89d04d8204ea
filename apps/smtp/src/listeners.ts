import { hostname } from 'node:os';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { CONFIG, type Config } from '#libs/config';
import { AppError } from '#libs/errors';
import { Logger } from '#libs/telemetry';
import { replyTo } from './reply.js';
import { Submission } from './submission.js';
import { SHUTTING_DOWN, SubmissionServer } from './submission-server.js';
import { Certificate } from './tls/certificate.js';

/** To + Cc + Bcc of one SES message: the client sends the rest of a longer list in another transaction. */
const MAX_RECIPIENTS = 50;
/** How long a shutdown waits for messages that are on their way. */
const DRAIN_MS = 15_000;
/** An AUTH line is the longest there is; a key is far shorter. */
const MAX_COMMAND_BYTES = 4_096;

type Callback<T = undefined> = (error: Error | null, result?: T) => void;

/** The ports that SMTP is spoken on, from the start of the process to its end. */
@Injectable()
export class Listeners implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The ports in use, STARTTLS first. */
  readonly ports: number[] = [];
  private readonly servers: SubmissionServer[] = [];
  private readonly timers = new Map<SMTPServerSession, NodeJS.Timeout>();
  private isClosing = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Certificate) private readonly certificate: Certificate,
    @Inject(Submission) private readonly submission: Submission,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { host, port, implicitTlsPort, tls } = this.config.smtp;
    const material = this.certificate.open((renewed) => {
      for (const server of this.servers) server.updateSecureContext(renewed);
    });
    const plain = {
      ...material,
      allowInsecureAuth: tls.mode !== 'required',
      disabledCommands: material === undefined ? ['STARTTLS'] : [],
    };
    await this.listen(plain, 'SMTP_PORT', port, host);
    if (implicitTlsPort !== undefined)
      await this.listen({ ...material, secure: true }, 'SMTP_IMPLICIT_TLS_PORT', implicitTlsPort, host);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await Promise.all(
      this.servers.map((server) => server.drain((session) => this.submission.isReceiving(session))),
    );
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private async listen(tls: SMTPServerOptions, name: string, port: number, host: string): Promise<void> {
    const server: SubmissionServer = new SubmissionServer({
      ...tls,
      ...this.handlers((session, text) => server.hangUp(session, text)),
      name: greetingName(this.config.http.publicUrl),
      heloResponse: '%s',
      minVersion: 'TLSv1.2',
      logger: false,
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      authRequiredMessage: 'Authentication required: user name "resend", password an API key',
      size: this.config.smtp.maxMessageBytes,
      rejectOversized: true,
      maxRecipients: MAX_RECIPIENTS,
      maxCommandLength: MAX_COMMAND_BYTES,
      maxClients: this.config.smtp.maxConnections,
      socketTimeout: this.config.smtp.idleMs,
      closeTimeout: DRAIN_MS,
      useProxy: this.config.smtp.trustedProxies.length > 0 ? [...this.config.smtp.trustedProxies] : false,
    });
    // Clients that go away, and handshakes that fail.
    server.on('error', (error) => this.logger.debug('smtp.connection_failed', { error }));
    try {
      this.ports.push(await server.open(port, host));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new AppError({
        code: 'smtp.cannot_listen',
        kind: 'internal',
        message:
          code === 'EADDRINUSE'
            ? `${name} is in use: stop what listens there or set another port.`
            : `${name} cannot be used (${code}).`,
        cause: error,
      });
    }
    this.servers.push(server);
  }

  /** smtp-server's callbacks, around what the submission does at each step. */
  private handlers(hangUp: (session: SMTPServerSession, text: string) => void): SMTPServerOptions {
    const { submission } = this;
    const { loginMs, dataMs } = this.config.smtp;
    const answer = <T>(callback: Callback<T>, work: () => T | Promise<T>) => {
      new Promise<T>((resolve) => resolve(work())).then(
        (result) => callback(null, result),
        (error: unknown) => callback(replyTo(error)),
      );
    };
    return {
      onConnect: (session, callback) => {
        this.limit(session, loginMs, () => hangUp(session, '4.4.2 Log in sooner'));
        answer(callback, () => submission.connected(session));
      },
      onAuth: (auth, session, callback) =>
        answer(callback, async () => {
          const user = await submission.authenticated(auth, session);
          this.unlimit(session);
          return { user };
        }),
      onMailFrom: (_address, session, callback) => answer(callback, () => submission.mailFrom(session)),
      onRcptTo: (address, _session, callback) => answer(callback, () => submission.recipient(address)),
      onData: (stream, session, callback) => {
        this.limit(session, dataMs, () => hangUp(session, '4.4.2 The message took too long'));
        stream.once('end', () => this.unlimit(session));
        answer(callback, async () => {
          try {
            return await submission.message(stream, session);
          } finally {
            // After the answer: what is idle now would keep the process waiting.
            if (this.isClosing) setImmediate(() => hangUp(session, SHUTTING_DOWN));
          }
        });
      },
      onClose: (session) => {
        this.unlimit(session);
        submission.closed(session);
      },
    };
  }

  /** Idle time-outs alone would let a client hold a connection with a byte a minute. */
  private limit(session: SMTPServerSession, ms: number, end: () => void): void {
    this.unlimit(session);
    this.timers.set(session, setTimeout(end, ms));
  }

  private unlimit(session: SMTPServerSession): void {
    clearTimeout(this.timers.get(session));
    this.timers.delete(session);
  }
}

/** The greeting names the host that users know. */
function greetingName(publicUrl: string | undefined): string {
  return publicUrl === undefined ? hostname() : new URL(publicUrl).hostname;
}
