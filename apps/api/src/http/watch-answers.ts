import type { FastifyInstance } from 'fastify';
import type { RequestLog } from '#libs/logs';
import type { AuthenticatedRequest } from './access.js';
import { MalformedJson } from './fastify.js';

const MAX_ENDPOINT = 500;
const MAX_USER_AGENT = 256;

/**
 * Looks at every answer as it leaves: answers that nobody was charged for say the rate limit all the same, and requests with a
 * project's key go into its log.
 *
 * @param rateLimit requests per second
 */
export function watchAnswers(fastify: FastifyInstance, rateLimit: number, log: RequestLog): void {
  fastify.addHook('onSend', (request: AuthenticatedRequest, reply, payload, done) => {
    if (!reply.hasHeader('ratelimit-limit')) {
      reply.headers({
        'ratelimit-limit': String(rateLimit),
        'ratelimit-remaining': String(rateLimit),
        'ratelimit-reset': '1',
        'ratelimit-policy': `${rateLimit};w=1`,
      });
    }
    const { principal } = request;
    // What the dashboard asks for by itself, every second, would bury the project's own requests.
    if (principal?.kind === 'key' && principal.projectId !== undefined) {
      const query = request.url.indexOf('?');
      log.add(
        {
          projectId: principal.projectId,
          apiKeyId: principal.keyId,
          method: request.method,
          endpoint: request.url.slice(0, query < 0 ? MAX_ENDPOINT : Math.min(query, MAX_ENDPOINT)),
          responseStatus: reply.statusCode,
          userAgent: request.headers['user-agent']?.slice(0, MAX_USER_AGENT),
          requestBody: request.body instanceof MalformedJson ? '[not JSON]' : request.body,
          responseBody: typeof payload === 'string' ? payload : undefined,
        },
        bodyBytes(request),
      );
    }
    done(null, payload);
  });
}

/** What the client said it would send; a body of unknown length counts as a long one. */
function bodyBytes({ body, headers }: AuthenticatedRequest): number {
  return body === undefined ? 0 : Number(headers['content-length'] ?? Infinity);
}
