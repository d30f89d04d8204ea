import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AUTH_PATH, CLIENT_ADDRESS_HEADER, type SignIn } from '#libs/accounts';
import { MalformedJson } from '../http/fastify.js';
import type { PublicUrl } from '../http/public-url.js';
import { isSameOrigin } from '../http/same-origin.js';

/** What a sign-in may tell about the client; everything else stays outside. */
const passedHeaders = [
  'accept',
  'content-type',
  'cookie',
  'origin',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'user-agent',
];

/** Mounts signing in, up and out, sessions and second factors: `/auth/*`, as better-auth's clients call it. */
export function mountAuthRoutes(fastify: FastifyInstance, signIn: SignIn, publicUrl: PublicUrl): void {
  fastify.route({
    method: ['GET', 'POST'],
    url: `${AUTH_PATH}/*`,
    handler: async (request, reply) => {
      const origin = new URL(publicUrl.of(request)).origin;
      // Also where there is no cookie yet: nobody shall be signed in as somebody else without noticing.
      const isForeign = request.method === 'POST' && isFromElsewhere(request, origin);
      const answer = isForeign ? crossSite() : await signIn.handle(toWebRequest(request, origin));
      return passOn(answer, request, reply);
    },
  });
}

/** A browser always says where it is; who says nothing is a program. */
function isFromElsewhere({ headers }: FastifyRequest, own: string): boolean {
  const site = headers['sec-fetch-site'];
  const origins = { origin: headers.origin, secFetchSite: typeof site === 'string' ? site : undefined };
  const isSilent = origins.origin === undefined && origins.secFetchSite === undefined;
  return !isSilent && !isSameOrigin(origins, own);
}

function crossSite(): Response {
  return Response.json(
    { code: 'CROSS_SITE', message: 'This request does not come from our own pages.' },
    { status: 403 },
  );
}

function toWebRequest(request: FastifyRequest, origin: string): Request {
  const headers = new Headers({ [CLIENT_ADDRESS_HEADER]: request.ip });
  for (const name of passedHeaders) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const hasBody = request.method === 'POST' && !(request.body instanceof MalformedJson);
  if (hasBody) headers.set('content-type', 'application/json');
  return new Request(new URL(request.url, origin), {
    method: request.method,
    headers,
    ...(hasBody && { body: JSON.stringify(request.body ?? {}) }),
  });
}

/** Errors get the shape that all ours have, with better-auth's own `code` beside it. */
async function passOn(answer: Response, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  void reply.status(answer.status);
  // The only header that may come several times.
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
  for (const name of ['location', 'content-type']) {
    const value = answer.headers.get(name);
    if (value !== null) reply.header(name, value);
  }
  const retryAfter = answer.headers.get('x-retry-after');
  if (retryAfter !== null) reply.header('retry-after', retryAfter);
  reply.header('cache-control', 'no-store');
  const text = await answer.text();
  if (answer.status < 400) return reply.send(text);
  return reply.type('application/json; charset=utf-8').send(errorBody(answer.status, text, request.id));
}

function errorBody(statusCode: number, text: string, requestId: string): object {
  const { code, message } = parse(text);
  return {
    statusCode,
    name: nameOf(statusCode),
    message: message ?? defaultMessage(statusCode),
    ...(code !== undefined && { code }),
    request_id: requestId,
  };
}

function parse(text: string): { code?: string; message?: string } {
  try {
    const { code, message } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(typeof code === 'string' && { code }),
      ...(typeof message === 'string' && message !== '' && { message }),
    };
  } catch {
    return {};
  }
}

function nameOf(status: number): string {
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limit_exceeded';
  return status >= 500 ? 'application_error' : 'validation_error';
}

function defaultMessage(status: number): string {
  return status === 404 ? 'The requested endpoint does not exist.' : 'The request was refused.';
}
