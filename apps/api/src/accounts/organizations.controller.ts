import { Body, Controller, Delete, Get, Inject, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  OrganizationKeys,
  Organizations,
  type ApiKeyRecord,
  type OrganizationRecord,
  type Principal,
} from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { deletedSchema } from '../projects/project.schemas.js';
import {
  createdOrganizationKeySchema,
  createOrganizationKeySchema,
  organizationKeyListSchema,
  organizationSchema,
  updateOrganizationSchema,
} from './account.schemas.js';

const uuid = z.uuid();

/** The caller's organization and the keys that manage it. */
@ApiTags('Accounts')
@ApiBearerAuth()
@Allow('administer')
@Controller('v1/organizations/:id')
export class OrganizationsController {
  constructor(
    @Inject(Organizations) private readonly organizations: Organizations,
    @Inject(OrganizationKeys) private readonly keys: OrganizationKeys,
  ) {}

  @Get()
  @Answers(200, organizationSchema)
  async get(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return present(await this.organizations.get(caller, id));
  }

  @Patch()
  @Answers(200, organizationSchema)
  async update(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: updateOrganizationSchema }) body: z.infer<typeof updateOrganizationSchema>,
  ) {
    return present(await this.organizations.rename(caller, id, body.name));
  }

  /** The token is shown this once. */
  @Post('api-keys')
  @Answers(201, createdOrganizationKeySchema)
  async createKey(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: createOrganizationKeySchema }) body: z.infer<typeof createOrganizationKeySchema>,
  ) {
    const organization = await this.organizations.get(caller, id);
    const key = await this.keys.create(organization.id, caller, body.name);
    return { ...presentKey(key), token: key.token };
  }

  @Get('api-keys')
  @Answers(200, organizationKeyListSchema)
  async listKeys(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const organization = await this.organizations.get(caller, id);
    const keys = await this.keys.list(organization.id);
    return { object: 'list', has_more: false, data: keys.map(presentKey) };
  }

  @Delete('api-keys/:keyId')
  @Answers(200, deletedSchema)
  async removeKey(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Param('keyId', { schema: uuid }) keyId: string,
  ) {
    const organization = await this.organizations.get(caller, id);
    await this.keys.revoke(organization.id, caller, keyId);
    return { object: 'api_key', id: keyId, deleted: true };
  }
}

function present(organization: OrganizationRecord) {
  return {
    object: 'organization',
    id: organization.id,
    name: organization.name,
    created_at: organization.createdAt.toISOString(),
  };
}

function presentKey(key: ApiKeyRecord) {
  return {
    object: 'api_key',
    id: key.id,
    name: key.name,
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}
