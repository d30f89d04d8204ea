import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';

/** smtp-server, with replies that bring their own enhanced status code and a shutdown that does not wait for idle clients. */
export class SubmissionServer extends SMTPServer {
  private readonly hidesAuth: boolean;

  constructor(options: SMTPServerOptions) {
    super(options);
    this.hidesAuth = options.allowInsecureAuth !== true;
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new SubmissionConnection(this, socket, options, this.hidesAuth);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this.emit('error', error));
    connection.init();
  }

  /** Starts listening. @returns the port */
  open(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.listen(port, host, () => {
        this.server.off('error', reject);
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Ends one connection with a 421. @param text begins with its enhanced status code */
  hangUp(session: SMTPServerSession, text: string): void {
    for (const connection of this.connections) if (connection.session === session) connection.send(421, text);
  }

  /**
   * Stops listening and ends every connection, those in the middle of a message when it is answered, or after
   * `closeTimeout`.
   */
  drain(isBusy: (session: SMTPServerSession) => boolean): Promise<void> {
    const closed = new Promise<void>((resolve) => this.close(resolve));
    for (const connection of this.connections)
      if (!isBusy(connection.session)) connection.send(421, SHUTTING_DOWN);
    return closed;
  }
}

export const SHUTTING_DOWN = '4.3.2 Server is shutting down: try again';

const withEnhancedCode = /^[245]\.\d{1,3}\.\d{1,3} /;

class SubmissionConnection extends SMTPConnection {
  constructor(
    server: SMTPServer,
    socket: Socket | TLSSocket,
    options: SMTPConnectionOptions | null | undefined,
    private readonly hidesAuth: boolean,
  ) {
    super(server, socket, options);
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (Array.isArray(data)) {
      // Only EHLO answers in lines. A client that saw AUTH before TLS would send its key in clear text.
      const shown = this.hidesAuth && !this.secure ? data.filter((line) => !line.startsWith('AUTH ')) : data;
      super.send(code, shown, context);
      return;
    }
    super.send(code, data, typeof data === 'string' && withEnhancedCode.test(data) ? false : context);
  }
}
