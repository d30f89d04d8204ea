import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseAway } from '#libs/database';
import { AppError } from '#libs/errors';
import { Logger } from '#libs/telemetry';
import { toErrorBody } from './error-body.js';
import type { KnownRoutes } from './known-routes.js';

const UNKNOWN_ROUTE = 'http.unknown_route';

/** The one place where an error becomes an HTTP answer. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(Logger) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toMethodError(toAppError(thrown), request, reply);
    if (error.kind === 'internal') {
      this.logger.error('request.failed', {
        requestId: request.id,
        route: request.routeOptions.url,
        code: error.code,
        error: error.cause ?? error,
      });
    }
    if (reply.sent) return;
    if (error.retryAfterMs !== undefined)
      reply.header('retry-after', String(Math.ceil(error.retryAfterMs / 1000)));
    if (error.kind === 'unauthenticated' || error.kind === 'invalid_key')
      reply.header('www-authenticate', 'Bearer');
    const body = toErrorBody(error, request.id);
    void reply.status(body.statusCode).type('application/json; charset=utf-8').send(body);
  }
}

/** A path that is known and does not take the method; the answer names those that it takes. */
function toMethodError(error: AppError, request: FastifyRequest, reply: FastifyReply): AppError {
  if (error.code !== UNKNOWN_ROUTE) return error;
  const { knownRoutes } = request.server as { knownRoutes?: KnownRoutes };
  const allowed = knownRoutes?.methodsOf(request.url.split('?')[0] ?? '/') ?? [];
  if (allowed.length === 0 || allowed.includes(request.method)) return error;
  reply.header('allow', allowed.join(', '));
  return new AppError({
    code: 'http.method_not_allowed',
    kind: 'method_not_allowed',
    message: `This endpoint does not take ${request.method} requests. It takes: ${allowed.join(', ')}.`,
  });
}

/** Nest's and Fastify's own errors, in our words. */
function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusCodeOf(thrown);
  if (status === 404)
    return new AppError({
      code: UNKNOWN_ROUTE,
      kind: 'not_found',
      message: 'The requested endpoint does not exist.',
    });
  if (status === 413)
    return new AppError({
      code: 'http.too_large',
      kind: 'too_large',
      message: 'The request body is too large.',
    });
  if (status === 415)
    return new AppError({
      code: 'http.media_type',
      kind: 'malformed',
      message: 'The request body must be JSON (Content-Type: application/json).',
    });
  if (status === 400)
    return new AppError({
      code: 'http.bad_request',
      kind: 'malformed',
      message: 'Request body must be valid JSON.',
    });
  if (isDatabaseAway(thrown)) {
    return new AppError({
      code: 'database.unavailable',
      kind: 'unavailable',
      message: 'The database is not available. Nothing was stored: try again.',
      retryAfterMs: 1_000,
      cause: thrown,
    });
  }
  return new AppError({ code: 'http.unexpected', kind: 'internal', message: 'unexpected', cause: thrown });
}

function statusCodeOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('statusCode' in thrown)) return undefined;
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}
