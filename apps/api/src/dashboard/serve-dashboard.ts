import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** `vite build` puts it beside the API's own folder. */
const folder = join(import.meta.dirname, '..', '..', '..', 'dashboard');

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

/**
 * Serves the dashboard under `/app`: its files, and its one page for every other path. Nothing where it was not built.
 *
 * @param sandbox where the dashboard offers to break the set-up; the page itself says so, and no other page does
 */
export function serveDashboard(
  fastify: FastifyInstance,
  sandbox: { readonly url: string } | undefined,
): void {
  const file = join(folder, 'index.html');
  if (!existsSync(file)) return;
  const built = readFileSync(file, 'utf8');
  const page =
    sandbox === undefined
      ? built
      : built.replace('</head>', `  <meta name="sesame-sandbox" content="${sandbox.url}" />\n  </head>`);
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
    root: join(folder, 'assets'),
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
