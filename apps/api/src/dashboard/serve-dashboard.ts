import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** `vite build` puts it beside the API's own folder. */
const built = join(import.meta.dirname, '..', '..', '..', 'dashboard');

/**
 * Scripts only from here and none inline. Styles may be inline because the mails that the dashboard shows (in frames without scripts,
 * which inherit this policy) carry theirs so; nothing of a mail is fetched from elsewhere.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the dashboard under `/app`: its files, and its one page for every other path. Nothing where it was not built. */
export function serveDashboard(fastify: FastifyInstance): void {
  const file = join(built, 'index.html');
  if (!existsSync(file)) return;
  const page = readFileSync(file, 'utf8');
  const answerPage = (_request: FastifyRequest, reply: FastifyReply) => {
    void reply
      .headers({
        'content-security-policy': policy,
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      })
      .type('text/html; charset=utf-8')
      .send(page);
  };
  fastify.get('/app', answerPage);
  fastify.get('/app/*', answerPage);
  void fastify.register(fastifyStatic, {
    root: join(built, 'assets'),
    prefix: '/app/assets/',
    decorateReply: false,
    preCompressed: true,
    // Their names change with their content.
    immutable: true,
    maxAge: '365d',
    index: false,
    setHeaders: (reply) => {
      reply.header('x-content-type-options', 'nosniff');
    },
  });
}
