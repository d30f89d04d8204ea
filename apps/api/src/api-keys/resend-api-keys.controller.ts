import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiKeys, permissions, type Permission, type Principal } from '#libs/accounts';
import { AppError } from '#libs/errors';
import { Allow, Caller, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { toPage } from '../http/page.js';
import {
  createdKeySchema,
  createKeySchema,
  keyListSchema,
  keyPageSchema,
  removedKeySchema,
  updatedKeySchema,
  updateKeySchema,
} from './api-key.schemas.js';

const uuid = z.uuid();

/** Resend's `/api-keys`: the keys of the caller's project. */
@ApiTags('API keys')
@ApiBearerAuth()
@Allow('project')
@Controller('api-keys')
export class ResendApiKeysController {
  constructor(@Inject(ApiKeys) private readonly keys: ApiKeys) {}

  /** The token is shown this once. */
  @Post()
  @Answers(201, createdKeySchema)
  async create(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Body({ schema: createKeySchema }) body: z.infer<typeof createKeySchema>,
  ) {
    const permission = toPermission(body.permission ?? 'full_access');
    const domain = body.domain_id == null ? undefined : await this.keys.domainName(projectId, body.domain_id);
    const { id, token } = await this.keys.create(projectId, caller, { name: body.name, permission, domain });
    return { object: 'api_key', id, token };
  }

  @Get()
  @Answers(200, keyListSchema)
  async list(
    @ProjectId() projectId: string,
    @Query({ schema: keyPageSchema }) query: z.infer<typeof keyPageSchema>,
  ) {
    const { hasMore, data } = await this.keys.page(projectId, toPage(query));
    return {
      object: 'list',
      has_more: hasMore,
      data: data.map((key) => ({
        id: key.id,
        name: key.name,
        created_at: key.createdAt.toISOString(),
        last_used_at: key.lastUsedAt?.toISOString() ?? null,
      })),
    };
  }

  @Patch(':id')
  @Answers(200, updatedKeySchema)
  async update(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: updateKeySchema }) body: z.infer<typeof updateKeySchema>,
  ) {
    await this.keys.rename(projectId, caller, id, body.name);
    return { object: 'api_key', id };
  }

  @Delete(':id')
  @Answers(200, removedKeySchema)
  async remove(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
  ) {
    await this.keys.revoke(projectId, caller, id);
    return { object: 'api_key', id, deleted: true };
  }
}

function toPermission(text: string): Permission {
  const permission = permissions.find((one) => one === text);
  if (permission !== undefined) return permission;
  throw new AppError({
    code: 'api_key.invalid_access',
    kind: 'invalid_access',
    field: 'permission',
    message: 'Access must be "full_access" | "sending_access"',
  });
}
