import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { until } from './until.js';

export interface ServerEvent {
  id: string;
  data: { type: string } & Record<string, unknown>;
}

/** A client of server-sent events. Not `fetch`: the watch of the stack reads every answer to its end. */
export class EventStreamClient {
  readonly events: ServerEvent[] = [];
  isEnded = false;
  private rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (chunk: string) => this.read(chunk));
    response.on('close', () => (this.isEnded = true)).on('error', () => undefined);
  }

  static open(url: string, headers: Record<string, string>): Promise<EventStreamClient> {
    return new Promise((resolve, reject) => {
      request(url, { headers, agent: false }, (response) => resolve(new EventStreamClient(response)))
        .on('error', reject)
        .end();
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The first event that fits, also one that came before. */
  until(what: string, fits: (event: ServerEvent) => boolean): Promise<ServerEvent> {
    return until(what, () => Promise.resolve(this.events.find(fits)));
  }

  close(): void {
    this.response.destroy();
  }

  private read(chunk: string): void {
    const blocks = (this.rest + chunk).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      if (data !== undefined)
        this.events.push({ id: field('id') ?? '', data: JSON.parse(data) as ServerEvent['data'] });
    }
  }
}
