import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * One keep-alive handler for every SDK client of the process, so that 10 000 connections do not cost 10 000 sockets.
 * The SDK itself has no request timeout.
 */
export function createSharedHandler(): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: 64 };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    connectionTimeout: 5_000,
    requestTimeout: 15_000,
    throwOnRequestTimeout: true,
  });
}

/** For SQS: a long poll holds its socket for up to 20 seconds, and must not take one from the others. */
export function createLongPollHandler(): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets: 256 };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    throwOnRequestTimeout: true,
  });
}
