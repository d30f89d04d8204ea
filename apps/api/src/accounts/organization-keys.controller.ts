import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { OrganizationKeys, Organizations, type OrganizationKeyRecord, type Principal } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { deletedSchema } from '../projects/project.schemas.js';
import {
  createdOrganizationKeySchema,
  createOrganizationKeySchema,
  organizationKeyListSchema,
} from './account.schemas.js';

const uuid = z.uuid();

/** The keys that manage an organization, each with a role; made, listed and revoked by its owners and admins, signed in. */
@ApiTags('Accounts')
@ApiBearerAuth()
@Allow('keys')
@Controller('v1/organizations/:id/api-keys')
export class OrganizationKeysController {
  constructor(
    @Inject(Organizations) private readonly organizations: Organizations,
    @Inject(OrganizationKeys) private readonly keys: OrganizationKeys,
  ) {}

  /** The token is shown this once. */
  @Post()
  @Answers(201, createdOrganizationKeySchema)
  async create(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: createOrganizationKeySchema }) body: z.infer<typeof createOrganizationKeySchema>,
  ) {
    const organization = await this.organizations.get(caller, id);
    const key = await this.keys.create(organization.id, caller, body);
    return { ...present(key), token: key.token };
  }

  @Get()
  @Answers(200, organizationKeyListSchema)
  async list(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const organization = await this.organizations.get(caller, id);
    const keys = await this.keys.list(organization.id);
    return { object: 'list', has_more: false, data: keys.map(present) };
  }

  /** Refused from now on, by every process. */
  @Delete(':keyId')
  @Answers(200, deletedSchema)
  async remove(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Param('keyId', { schema: uuid }) keyId: string,
  ) {
    const organization = await this.organizations.get(caller, id);
    await this.keys.revoke(organization.id, caller, keyId);
    return { object: 'api_key', id: keyId, deleted: true };
  }
}

function present({ createdBy, ...key }: OrganizationKeyRecord) {
  return {
    object: 'api_key',
    id: key.id,
    name: key.name,
    role: key.role,
    effective_role: key.roleNow ?? null,
    created_by: createdBy === undefined ? null : { user_id: createdBy.userId, name: createdBy.name },
    created_at: key.createdAt.toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
  };
}
