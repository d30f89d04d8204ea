import { randomUUID } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#libs/errors';
import { toErrorBody } from './error-body.js';
import { KnownRoutes } from './known-routes.js';

/** A body that is no JSON. Refused by the guard and not by the parser: who calls, and how often, is asked first. */
export class MalformedJson {}

const badPath = new AppError({
  code: 'http.bad_path',
  kind: 'malformed',
  message: 'The path of the URL is not valid: it cannot be decoded.',
});

/** The longest path parameter: an address with every character percent-encoded. */
const MAX_PARAMETER = 1_000;

/** Of a body that is plain text. */
const MAX_TEXT_BYTES = 512 * 1024;

/**
 * Fastify as the official SDKs of Resend need it: an empty JSON body and a body on GET or DELETE are no errors, a
 * doubled leading slash is one slash, every request has an id, which the answer names.
 */
export function createFastifyAdapter(maxBodyBytes: number): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    genReqId: () => randomUUID(),
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/{2,}/, '/'),
    forceCloseConnections: 'idle',
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    // A path that cannot be decoded comes to no route, no hook and no filter.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void reply
        .status(400)
        .header('x-request-id', request.id)
        .type('application/json; charset=utf-8')
        .send(toErrorBody(badPath, request.id));
    },
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: maxBodyBytes },
    (_request, body, done) => {
      const text = String(body);
      if (text.trim() === '') {
        done(null, undefined);
        return;
      }
      try {
        done(null, JSON.parse(text));
      } catch {
        done(null, new MalformedJson());
      }
    },
  );
  // Lists to import; whoever takes them reads the lines.
  fastify.addContentTypeParser(
    ['text/csv', 'application/x-ndjson'],
    { parseAs: 'string', bodyLimit: maxBodyBytes },
    (_request, body, done) => done(null, String(body)),
  );
  // Messages of SNS: at most 256 KB, escaped once more inside their envelope.
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(
    'text/plain',
    { parseAs: 'string', bodyLimit: Math.min(maxBodyBytes, MAX_TEXT_BYTES) },
    (_request, body, done) => done(null, String(body)),
  );
  learnRoutes(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  return adapter;
}

/** Names of Resend in places where an id stands, with the methods that they lack. Without them `GET /emails/receiving` would be a malformed id. */
const namesAmongIds: Readonly<Record<string, string[]>> = {
  '/emails/batch': ['GET', 'PATCH', 'DELETE'],
  '/emails/metrics': ['PATCH', 'DELETE'],
  '/emails/receiving': ['GET', 'PATCH', 'DELETE'],
};

/** Keeps what the router knows in `knownRoutes`, for the error filter. */
function learnRoutes(fastify: FastifyInstance): void {
  const known = new KnownRoutes();
  for (const [url, method] of Object.entries(namesAmongIds)) {
    known.add(url, []);
    fastify.route({
      method,
      url,
      handler: (_request, reply) => {
        reply.callNotFound();
      },
    });
  }
  fastify.decorate('knownRoutes', known);
  fastify.addHook('onRoute', ({ url, method }) => known.add(url, method));
}
