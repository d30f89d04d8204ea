import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { SignIn } from '#libs/accounts';
import type { Config } from '#libs/config';
import { RequestLog } from '#libs/logs';
import { createLogger, NestLogger } from '#libs/telemetry';
import { mountAuthRoutes } from './accounts/auth-routes.js';
import { AppModule } from './app.module.js';
import { serveDashboard } from './dashboard/serve-dashboard.js';
import { createFastifyAdapter } from './http/fastify.js';
import { PublicUrl } from './http/public-url.js';
import { watchAnswers } from './http/watch-answers.js';
import { buildOpenApi } from './openapi.js';

/** The API, ready to listen. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config),
    createFastifyAdapter(config.http.maxBodyBytes),
    {
      logger: new NestLogger(createLogger(config.log.level, 'api')),
      abortOnError: false,
      // Ours is in createFastifyAdapter().
      bodyParser: false,
      forceCloseConnections: true,
    },
  );
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  watchAnswers(fastify, config.http.rateLimit, app.get(RequestLog));
  mountAuthRoutes(fastify, app.get(SignIn), app.get(PublicUrl));
  serveDashboard(fastify, config.sandbox);
  SwaggerModule.setup('docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
  return app;
}
