import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { controllers, sandboxControllers } from '../../apps/api/src/controllers.js';
import { DocumentedModule } from '../../apps/api/src/documented.module.js';
import { ANSWER } from '../../apps/api/src/http/answers.js';
import { ACCESS } from '../../apps/api/src/http/access.js';
import { buildOpenApi } from '../../apps/api/src/openapi.js';

const PATH = 'path';
const ARGUMENTS = '__routeArguments__';
/** Kinds of route parameters (Nest's RouteParamtypes) that carry a caller's data. */
const inputs: Record<string, string> = { '3': 'body', '4': 'query', '5': 'param' };

interface Route {
  name: string;
  controller: object;
  handler: object;
  method: string;
}

const routes: Route[] = [...controllers, ...sandboxControllers].flatMap((controller) => {
  const prototype = controller.prototype as unknown as Record<string, object>;
  return Object.getOwnPropertyNames(prototype)
    .filter((method) => method !== 'constructor' && Reflect.hasMetadata(PATH, prototype[method] ?? {}))
    .map((method) => ({
      name: `${controller.name}.${method}`,
      controller,
      handler: prototype[method] ?? {},
      method,
    }));
});

describe('every route', () => {
  it('is found by this test', () => {
    expect(routes.length).toBeGreaterThanOrEqual(22);
  });

  it.each(routes.map((route) => [route.name, route] as const))(
    '%s says who may call it',
    (_, { handler, controller }) => {
      expect(Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)).toMatch(
        /^(public|user|send|project|manage|administer|members|keys|leave|own)$/,
      );
    },
  );

  it.each(routes.map((route) => [route.name, route] as const))(
    '%s validates everything it takes from the caller',
    (_, { controller, method }) => {
      const taken = (Reflect.getMetadata(ARGUMENTS, controller, method) ?? {}) as Record<
        string,
        { schema?: unknown }
      >;
      const open = Object.entries(taken).filter(
        ([key, { schema }]) => (key.split(':')[0] ?? '') in inputs && schema === undefined,
      );
      expect(open.map(([key]) => inputs[key.split(':')[0] ?? ''])).toEqual([]);
    },
  );

  it.each(
    routes
      .filter(({ name }) => name !== 'HealthController.metricsText')
      .map((route) => [route.name, route] as const),
  )('%s answers through a schema', (_, { handler }) => {
    expect(Reflect.getMetadata(ANSWER, handler)).toBeDefined();
  });
});

describe('openapi.json', () => {
  it('is the document that the API serves (npm run openapi writes it)', async () => {
    const app = await NestFactory.create<NestFastifyApplication>(DocumentedModule, new FastifyAdapter(), {
      logger: false,
    });
    const document: unknown = JSON.parse(JSON.stringify(buildOpenApi(app)));
    await app.close();
    expect(JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'openapi.json'), 'utf8'))).toEqual(
      document,
    );
  });
});
