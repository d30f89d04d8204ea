import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { SES_OPERATIONS } from './operations.js';

/** `POST /v2/email/identities` → operation, as the installed SDK has it in its generated schemas. */
const sdkRoutes = (): Map<string, string> => {
  const main = createRequire(import.meta.url).resolve('@aws-sdk/client-sesv2');
  const source = readFileSync(main.replace(/dist-cjs.*$/, 'dist-es/schemas/schemas_0.js'), 'utf8');
  const routes = new Map<string, string>();
  for (const [, method, path, request] of source.matchAll(
    /\["(GET|POST|PUT|DELETE)", "([^"]+)", 200\] \}, \(\) => (\w+)Request\$/g,
  )) {
    routes.set(`${method ?? ''} ${path ?? ''}`, request ?? '');
  }
  return routes;
};

describe('the operations', () => {
  const routes = sdkRoutes();

  it.each(SES_OPERATIONS.map((operation) => [operation.name, operation] as const))(
    '%s is where the SDK looks for it',
    (name, operation) => {
      expect(routes.size).toBeGreaterThan(100);
      const [current] = operation.routes;
      expect(routes.get(`${current?.method ?? ''} ${current?.path ?? ''}`)).toBe(name);
    },
  );

  it('have no route twice', () => {
    const all = SES_OPERATIONS.flatMap((operation) =>
      operation.routes.map(({ method, path }) => `${method} ${path}`),
    );
    expect(new Set(all).size).toBe(all.length);
  });
});
