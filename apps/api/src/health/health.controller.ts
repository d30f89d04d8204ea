import { Controller, Get, Header, HttpCode, Inject, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Metrics } from '#libs/telemetry';
import { Allow } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { Readiness, readinessSchema } from './readiness.js';

const liveSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Live' });

@ApiTags('Health')
@Allow('public')
@Controller()
export class HealthController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @Answers(200, liveSchema)
  live() {
    return { status: 'ok' };
  }

  /** 200 only when mail can be taken and somebody is there to send it; the body says what is missing. */
  @Get('health/ready')
  @ApiResponse({ status: 503, standardSchema: readinessSchema, description: 'Something is missing' })
  @Answers(200, readinessSchema)
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const state = await this.readiness.check();
    reply.status(state.status === 'ok' ? 200 : 503);
    return state;
  }

  @Get('metrics')
  @ApiExcludeEndpoint()
  @HttpCode(200)
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metricsText() {
    return this.metrics.text();
  }
}
