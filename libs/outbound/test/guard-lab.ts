import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { GuardedHttp, type OutboundRequest } from '../src/guarded-http.js';
import { OutboundError } from '../src/outbound-error.js';
import { Resolver } from '../src/resolver.js';

/** The server listens at the one loopback address that the guards of these tests may reach. */
export const reachable = '127.0.0.2';

/** Answers each lookup of a name with the next of its answers, the last one again and again. */
export class ScriptedResolver extends Resolver {
  readonly asked: string[] = [];

  constructor(private readonly answers: Record<string, string[][]>) {
    super();
  }

  override resolve(hostname: string): Promise<string[]> {
    this.asked.push(hostname);
    const left = this.answers[hostname] ?? [];
    const next = left.length > 1 ? left.shift() : left[0];
    return next === undefined ? Promise.reject(new Error('SERVFAIL at 10.0.0.53')) : Promise.resolve(next);
  }
}

/** A real server, and guards to ask it through. */
export class GuardLab {
  readonly sockets = new Set<Socket>();
  readonly seen: IncomingMessage[] = [];
  readonly guards: GuardedHttp[] = [];
  handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.end('hello');

  private constructor(readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.seen.push(request);
      this.handle(request, response);
    });
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<GuardLab> {
    const lab = new GuardLab(createServer());
    await new Promise<void>((resolve) => lab.server.listen(0, reachable, resolve));
    return lab;
  }

  async close(): Promise<void> {
    await Promise.all(this.guards.map((guard) => guard.close()));
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  guard(
    answers: Record<string, string[][]> = {},
    plainHttp = true,
  ): { http: GuardedHttp; resolver: ScriptedResolver } {
    const resolver = new ScriptedResolver(answers);
    const http = new GuardedHttp({ allow: [`${reachable}/32`], plainHttp }, resolver);
    this.guards.push(http);
    return { http, resolver };
  }

  at(host: string, path = '/'): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** All sockets of the server have ended. */
  allClosed(): Promise<unknown> {
    return Promise.all(
      [...this.sockets].map((socket) => new Promise((resolve) => socket.on('close', resolve))),
    );
  }
}

export function get(url: string, more: Partial<OutboundRequest> = {}): OutboundRequest {
  return { url, method: 'GET', timeoutMs: 10_000, maxResponseBytes: 1_000, ...more };
}

export async function refusal(work: Promise<unknown>): Promise<OutboundError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OutboundError) return error;
  throw new Error('not refused', { cause: error });
}
