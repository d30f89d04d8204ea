import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Config } from '#libs/config';
import { createLogger, NestLogger } from '#libs/telemetry';
import { AppModule } from './app.module.js';
import { createFastifyAdapter } from './http/fastify.js';

/** The API, ready to listen. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(config), createFastifyAdapter(config.http.maxBodyBytes), {
    logger: new NestLogger(createLogger(config.log.level, 'api')),
    abortOnError: false,
    // Ours is in createFastifyAdapter().
    bodyParser: false,
    forceCloseConnections: true,
  });
  SwaggerModule.setup('docs', app, () => buildOpenApi(app), { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml' });
  return app;
}

/** The OpenAPI document, made from the same schemas that validate. */
export function buildOpenApi(app: NestFastifyApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setTitle('Sesame')
    .setDescription("Send mail through your customers' own Amazon SES. The send API is wire-compatible with Resend's.")
    .setVersion('1')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, info);
}
