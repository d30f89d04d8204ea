import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { presentSuppression, Suppressions } from '#libs/suppressions';
import { Allow, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { toPage } from '../http/page.js';
import { AnnounceSuppressions } from './announce-suppressions.js';
import {
  addedSuppressionSchema,
  addedSuppressionsSchema,
  addSuppressionSchema,
  addSuppressionsSchema,
  removedSuppressionSchema,
  removedSuppressionsSchema,
  removeSuppressionsSchema,
  suppressionKeySchema,
  suppressionListSchema,
  suppressionPageSchema,
  suppressionSchema,
} from './suppression.schemas.js';

/** Resend's `/suppressions`. */
@ApiTags('Suppressions')
@ApiBearerAuth()
@Allow('project')
@Controller('suppressions')
export class SuppressionsController {
  constructor(
    @Inject(Suppressions) private readonly suppressions: Suppressions,
    @Inject(AnnounceSuppressions) private readonly announcer: AnnounceSuppressions,
  ) {}

  /** An address that is suppressed already comes back with its suppression. */
  @Post()
  @Answers(201, addedSuppressionSchema)
  async add(
    @ProjectId() projectId: string,
    @Body({ schema: addSuppressionSchema }) body: z.infer<typeof addSuppressionSchema>,
  ) {
    const [added] = await this.suppressions.add(projectId, [body.email], this.announcer.announce);
    return { object: 'suppression', id: added?.id };
  }

  @Get()
  @Answers(200, suppressionListSchema)
  async list(
    @ProjectId() projectId: string,
    @Query({ schema: suppressionPageSchema }) query: z.infer<typeof suppressionPageSchema>,
  ) {
    const { hasMore, data } = await this.suppressions.list(projectId, {
      ...toPage(query),
      origin: query.origin,
    });
    return { object: 'list', has_more: hasMore, data: data.map(presentSuppression) };
  }

  @Post('batch/add')
  @Answers(201, addedSuppressionsSchema)
  async addMany(
    @ProjectId() projectId: string,
    @Body({ schema: addSuppressionsSchema }) body: z.infer<typeof addSuppressionsSchema>,
  ) {
    const added = await this.suppressions.add(projectId, body.emails, this.announcer.announce, 'emails');
    return { data: added.map(({ id }) => ({ object: 'suppression', id })) };
  }

  /** Those that are not suppressed are passed over. */
  @Post('batch/remove')
  @Answers(200, removedSuppressionsSchema)
  async removeMany(
    @ProjectId() projectId: string,
    @Body({ schema: removeSuppressionsSchema }) body: z.infer<typeof removeSuppressionsSchema>,
  ) {
    const keys = body.ids == null ? { emails: body.emails ?? [] } : { ids: body.ids };
    const removed = await this.suppressions.removeMany(projectId, keys, this.announcer.announce);
    return { data: removed.map(({ id }) => ({ object: 'suppression', id, deleted: true })) };
  }

  @Get(':id')
  @Answers(200, suppressionSchema)
  async get(
    @ProjectId() projectId: string,
    @Param('id', { schema: suppressionKeySchema }) idOrEmail: string,
  ) {
    return {
      object: 'suppression',
      ...presentSuppression(await this.suppressions.get(projectId, idOrEmail)),
    };
  }

  @Delete(':id')
  @Answers(200, removedSuppressionSchema)
  async remove(
    @ProjectId() projectId: string,
    @Param('id', { schema: suppressionKeySchema }) idOrEmail: string,
  ) {
    const { id } = await this.suppressions.remove(projectId, idOrEmail, this.announcer.announce);
    return { object: 'suppression', id, deleted: true };
  }
}
