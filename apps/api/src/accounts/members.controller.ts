import { Body, Controller, Delete, Get, Inject, Param, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Members, Organizations, type MemberRecord, type Principal } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import {
  memberListSchema,
  memberSchema,
  removedMemberSchema,
  updateMemberSchema,
} from './account.schemas.js';

const uuid = z.uuid();

/** The people of an organization, by their user's id. */
@ApiTags('Accounts')
@ApiBearerAuth()
@Allow('members')
@Controller('v1/organizations/:id/members')
export class MembersController {
  constructor(
    @Inject(Organizations) private readonly organizations: Organizations,
    @Inject(Members) private readonly members: Members,
  ) {}

  @Get()
  @Answers(200, memberListSchema)
  async list(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const organization = await this.organizations.get(caller, id);
    const members = await this.members.list(organization.id);
    return { object: 'list', has_more: false, data: members.map(present) };
  }

  @Patch(':userId')
  @Answers(200, memberSchema)
  async update(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Param('userId', { schema: uuid }) userId: string,
    @Body({ schema: updateMemberSchema }) body: z.infer<typeof updateMemberSchema>,
  ) {
    const organization = await this.organizations.get(caller, id);
    return present(await this.members.changeRole(organization.id, caller, userId, body.role));
  }

  @Delete(':userId')
  @Answers(200, removedMemberSchema)
  async remove(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Param('userId', { schema: uuid }) userId: string,
  ) {
    const organization = await this.organizations.get(caller, id);
    await this.members.remove(organization.id, caller, userId);
    return { object: 'member', user_id: userId, deleted: true };
  }
}

function present(member: MemberRecord) {
  return {
    object: 'member',
    user_id: member.userId,
    name: member.name,
    email: member.email,
    role: member.role,
    two_factor_enabled: member.twoFactorEnabled,
    created_at: member.createdAt.toISOString(),
  };
}
