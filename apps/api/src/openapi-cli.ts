import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentedModule } from './documented.module.js';
import { buildOpenApi } from './openapi.js';

/** `node dist/apps/api/src/openapi-cli.js FILE`: writes the OpenAPI document; needs no database. */
const app = await NestFactory.create<NestFastifyApplication>(DocumentedModule, new FastifyAdapter(), {
  logger: false,
});
const text = `${JSON.stringify(buildOpenApi(app), null, 2)}\n`;
const file = process.argv[2];
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);
await app.close();
