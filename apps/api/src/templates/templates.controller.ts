import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ListTemplates, PreviewTemplate, Templates } from '#libs/templates';
import { Allow, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { pageSchema, toPage } from '../http/page.js';
import { deletedSchema } from '../projects/project.schemas.js';
import { orNull, presentListItem, presentTemplate } from './present-template.js';
import {
  changedTemplateSchema,
  createTemplateSchema,
  previewSchema,
  previewTemplateSchema,
  templateListSchema,
  templateSchema,
  toChanges,
  toNewTemplate,
  updateTemplateSchema,
  type CreateTemplateRequest,
  type PreviewTemplateRequest,
  type UpdateTemplateRequest,
} from './template.schemas.js';

/** Whatever stands there: what is neither an id nor an alias is not found. */
const idOrAlias = z.string();

/** Resend's `/templates`; `preview` is ours. */
@ApiTags('Templates')
@ApiBearerAuth()
@Allow('project')
@Controller('templates')
export class TemplatesController {
  constructor(
    @Inject(Templates) private readonly templates: Templates,
    @Inject(ListTemplates) private readonly lists: ListTemplates,
    @Inject(PreviewTemplate) private readonly previews: PreviewTemplate,
  ) {}

  @Post()
  @Answers(201, changedTemplateSchema)
  async create(
    @ProjectId() projectId: string,
    @Body({ schema: createTemplateSchema }) body: CreateTemplateRequest,
  ) {
    return changed(await this.templates.create(projectId, toNewTemplate(body)));
  }

  @Get()
  @Answers(200, templateListSchema)
  async list(
    @ProjectId() projectId: string,
    @Query({ schema: pageSchema }) query: z.infer<typeof pageSchema>,
  ) {
    const { templates, hasMore } = await this.lists.execute(projectId, toPage(query));
    return { object: 'list', has_more: hasMore, data: templates.map(presentListItem) };
  }

  @Get(':id')
  @Answers(200, templateSchema)
  async get(@ProjectId() projectId: string, @Param('id', { schema: idOrAlias }) id: string) {
    return presentTemplate(await this.templates.get(projectId, id));
  }

  /** Edits make a draft until the next publish. */
  @Patch(':id')
  @Answers(200, changedTemplateSchema)
  async update(
    @ProjectId() projectId: string,
    @Param('id', { schema: idOrAlias }) id: string,
    @Body({ schema: updateTemplateSchema }) body: UpdateTemplateRequest,
  ) {
    return changed(await this.templates.update(projectId, id, toChanges(body)));
  }

  @Delete(':id')
  @Answers(200, deletedSchema)
  async remove(@ProjectId() projectId: string, @Param('id', { schema: idOrAlias }) id: string) {
    return { ...changed(await this.templates.remove(projectId, id)), deleted: true };
  }

  @Post(':id/publish')
  @Answers(200, changedTemplateSchema)
  async publish(@ProjectId() projectId: string, @Param('id', { schema: idOrAlias }) id: string) {
    return changed(await this.templates.publish(projectId, id));
  }

  @Post(':id/duplicate')
  @Answers(200, changedTemplateSchema)
  async duplicate(@ProjectId() projectId: string, @Param('id', { schema: idOrAlias }) id: string) {
    return changed(await this.templates.duplicate(projectId, id));
  }

  /**
   * What an email of the template would say. `missing` names the variables that have neither value nor fallback: their
   * tags stand as they are written. `text` is null where an email's text would be made from its HTML.
   */
  @Post(':id/preview')
  @Answers(200, previewSchema)
  async preview(
    @ProjectId() projectId: string,
    @Param('id', { schema: idOrAlias }) id: string,
    @Body({ schema: previewTemplateSchema }) body: PreviewTemplateRequest,
  ) {
    const { from, subject, replyTo, html, text, missing } = await this.previews.execute(projectId, id, {
      variables: body.variables ?? {},
      version: body.version ?? 'draft',
    });
    return { object: 'template_preview', from, subject, reply_to: orNull(replyTo), html, text, missing };
  }
}

function changed(id: string) {
  return { object: 'template', id };
}
