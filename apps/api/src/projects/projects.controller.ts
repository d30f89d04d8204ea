import { Body, Controller, Delete, Get, Inject, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Projects, type Principal, type ProjectRecord } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import {
  createProjectSchema,
  deletedSchema,
  projectListSchema,
  projectSchema,
  updateProjectSchema,
} from './project.schemas.js';

const uuid = z.uuid();

@ApiTags('Projects')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/projects')
export class ProjectsController {
  constructor(@Inject(Projects) private readonly projects: Projects) {}

  @Post()
  @Allow('administer')
  @Answers(201, projectSchema)
  async create(
    @Caller() caller: Principal,
    @Body({ schema: createProjectSchema }) body: z.infer<typeof createProjectSchema>,
  ) {
    return present(await this.projects.create(caller, body.name));
  }

  @Get()
  @Answers(200, projectListSchema)
  async list(@Caller() caller: Principal) {
    return { object: 'list', has_more: false, data: (await this.projects.list(caller)).map(present) };
  }

  @Get(':id')
  @Answers(200, projectSchema)
  async get(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return present(await this.projects.get(caller, id));
  }

  @Patch(':id')
  @Answers(200, projectSchema)
  async update(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: updateProjectSchema }) body: z.infer<typeof updateProjectSchema>,
  ) {
    const { name, delivery, weight, content_retention_days: contentRetentionDays } = body;
    return present(
      await this.projects.update(caller, id, {
        ...(name !== undefined && { name }),
        ...(delivery !== undefined && { delivery }),
        ...(weight !== undefined && { weight }),
        ...(contentRetentionDays !== undefined && { contentRetentionDays }),
      }),
    );
  }

  @Delete(':id')
  @Allow('administer')
  @Answers(200, deletedSchema)
  async remove(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    await this.projects.remove(caller, id);
    return { object: 'project', id, deleted: true };
  }
}

function present(project: ProjectRecord) {
  return {
    object: 'project',
    id: project.id,
    name: project.name,
    delivery: project.delivery,
    weight: project.weight,
    content_retention_days: project.contentRetentionDays,
    created_at: project.createdAt.toISOString(),
  };
}
