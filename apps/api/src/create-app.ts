import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Config } from '#libs/config';
import { createLogger, NestLogger } from '#libs/telemetry';
import { AppModule } from './app.module.js';
import { createFastifyAdapter } from './http/fastify.js';
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
  SwaggerModule.setup('docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
  return app;
}
