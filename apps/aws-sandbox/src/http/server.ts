import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SimulatedClock } from '../clock.js';
import { newRequestId } from '../ids.js';
import { jsonReply, type Reply } from './reply.js';
import { readRequest, type RawRequest } from './request.js';

export type Handler = (request: RawRequest, requestId: string) => Promise<Reply>;

export interface CallLog {
  (line: { method: string; path: string; status: number; requestId: string; ms: number }): void;
}

const send = (response: ServerResponse, reply: Reply, requestId: string, clock: SimulatedClock): void => {
  if (reply.destroy === true) {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, {
    ...reply.headers,
    date: clock.httpDate(),
    'x-amzn-requestid': requestId,
    'content-length': Buffer.byteLength(reply.body),
  });
  response.end(reply.body);
};

const serve = async (
  incoming: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
  clock: SimulatedClock,
  log: CallLog | null,
): Promise<void> => {
  const startedAt = performance.now();
  const requestId = newRequestId();
  const request = await readRequest(incoming);
  const reply =
    request === null
      ? jsonReply(413, { message: 'Request size exceeded' })
      : await handler(request, requestId);
  send(response, reply, requestId, clock);
  log?.({
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    status: reply.status,
    requestId,
    ms: performance.now() - startedAt,
  });
};

/** The plain HTTP server: `Date` is the simulated clock's on every answer, and the request id is always there. */
export const newServer = (handler: Handler, clock: SimulatedClock, log: CallLog | null): Server => {
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (incoming, response) => {
    response.sendDate = false;
    serve(incoming, response, handler, clock, log).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  return server;
};
