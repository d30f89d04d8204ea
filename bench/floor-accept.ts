/** The floor of accepting: a bare Nest/Fastify/zod endpoint that only validates the same body. */
import 'reflect-metadata';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SchemaPipe } from '../apps/api/src/http/schema.pipe.js';
import { sendEmailSchema, type SendEmailRequest } from '#libs/emails';

@Controller('emails')
class BareController {
  @Post()
  send(@Body({ schema: sendEmailSchema }) body: SendEmailRequest) {
    return { id: body.subject };
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

const app = await NestFactory.create<NestFastifyApplication>(
  BareModule,
  new FastifyAdapter({ bodyLimit: 50_000_000 }),
  { logger: false },
);
app.useGlobalPipes(new SchemaPipe());
await app.listen(0, '127.0.0.1');
console.log(JSON.stringify({ event: 'bare-accept.ready', url: await app.getUrl() }));
process.on('disconnect', () => process.exit(0));
