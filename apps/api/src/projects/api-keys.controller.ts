import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiKeys, Projects, type ApiKeyRecord, type Principal } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import {
  apiKeyListSchema,
  createApiKeySchema,
  createdApiKeySchema,
  deletedSchema,
} from './project.schemas.js';

const uuid = z.uuid();

@ApiTags('API keys')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/projects/:id/api-keys')
export class ApiKeysController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ApiKeys) private readonly keys: ApiKeys,
  ) {}

  @Post()
  @Answers(201, createdApiKeySchema)
  async create(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: createApiKeySchema }) body: z.infer<typeof createApiKeySchema>,
  ) {
    const project = await this.projects.get(caller, id);
    const key = await this.keys.create(project.id, caller, {
      name: body.name,
      permission: body.permission,
      domain: body.domain ?? undefined,
    });
    return { ...present(key), token: key.token };
  }

  @Get()
  @Answers(200, apiKeyListSchema)
  async list(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const project = await this.projects.get(caller, id);
    return { object: 'list', has_more: false, data: (await this.keys.list(project.id)).map(present) };
  }

  @Delete(':keyId')
  @Answers(200, deletedSchema)
  async remove(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Param('keyId', { schema: uuid }) keyId: string,
  ) {
    const project = await this.projects.get(caller, id);
    await this.keys.revoke(project.id, caller, keyId);
    return { object: 'api_key', id: keyId, deleted: true };
  }
}

function present(key: ApiKeyRecord) {
  return {
    object: 'api_key',
    id: key.id,
    name: key.name,
    permission: key.permission,
    domain: key.domain,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}
