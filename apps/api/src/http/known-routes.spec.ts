import { describe, expect, it } from '@jest/globals';
import { KnownRoutes } from './known-routes.js';

describe('KnownRoutes', () => {
  const known = new KnownRoutes();
  known.add('/emails', ['GET', 'HEAD']);
  known.add('/emails', 'POST');
  known.add('/emails/batch', 'POST');
  known.add('/emails/:id', 'GET');
  known.add('/emails/:id', 'PATCH');
  known.add('/emails/:id/attachments/:attachment_id', 'GET');
  known.add('/v1/a.b', 'GET');
  known.add('/docs/*', 'GET');

  it.each([
    ['/emails', ['GET', 'HEAD', 'POST']],
    ['/emails/', ['GET', 'HEAD', 'POST']],
    ['/emails/batch', ['POST']],
    ['/emails/1', ['GET', 'PATCH']],
    ['/emails/1/attachments/2', ['GET']],
    ['/emails/1/attachments', []],
    ['/v1/a.b', ['GET']],
    ['/v1/axb', []],
    ['/docs/x', []],
    ['/', []],
  ])('%s takes %j', (path, methods) => {
    expect(known.methodsOf(path)).toEqual(methods);
  });
});
