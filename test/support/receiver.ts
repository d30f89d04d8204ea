import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';

export interface ReceivedRequest {
  headers: IncomingHttpHeaders;
  /** The exact bytes. */
  body: string;
}

/** What to answer: a status, with a body if need be; a promise that never resolves lets the request hang. */
export type ReceiverAnswer = number | { status: number; body?: string; headers?: Record<string, string> };

/** A customer's webhook endpoint: remembers every request. */
export class Receiver {
  readonly requests: ReceivedRequest[] = [];
  answer: (request: ReceivedRequest, index: number) => ReceiverAnswer | Promise<ReceiverAnswer> = () => 200;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const receiver = new Receiver(server, `http://127.0.0.1:${address.port}/hook`);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const received = { headers: request.headers, body };
        const index = receiver.requests.push(received) - 1;
        void Promise.resolve(receiver.answer(received, index)).then((answer) => {
          const {
            status,
            body: text = '',
            headers = {},
          } = typeof answer === 'number' ? { status: answer } : answer;
          response.writeHead(status, headers).end(text);
        });
      });
    });
    return receiver;
  }

  /** Parsed bodies of what has come. */
  get events(): { type: string; created_at: string; data: Record<string, unknown> }[] {
    return this.requests.map(({ body }) => JSON.parse(body) as never);
  }

  /** The `svix-id` of every request. */
  get ids(): string[] {
    return this.requests.map(({ headers }) => String(headers['svix-id']));
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** An answer that never comes. */
export const hang = (): Promise<never> => new Promise(() => undefined);
