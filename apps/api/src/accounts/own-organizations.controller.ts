import { Body, Controller, Delete, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  CreateOrganization,
  DeleteOrganization,
  Members,
  Organizations,
  type Principal,
  type SignedInUser,
} from '#libs/accounts';
import { notFound } from '#libs/errors';
import { Allow, Caller, SignedIn } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { deletedSchema } from '../projects/project.schemas.js';
import {
  createOrganizationSchema,
  deleteOrganizationSchema,
  organizationSchema,
  removedMemberSchema,
} from './account.schemas.js';
import { presentOrganization } from './present-organization.js';

const uuid = z.uuid();

/** What only people do with organizations: make one, go away from one, delete one. */
@ApiTags('Accounts')
@Controller('v1/organizations')
export class OwnOrganizationsController {
  constructor(
    @Inject(CreateOrganization) private readonly createOrganization: CreateOrganization,
    @Inject(DeleteOrganization) private readonly deleteOrganization: DeleteOrganization,
    @Inject(Organizations) private readonly organizations: Organizations,
    @Inject(Members) private readonly members: Members,
  ) {}

  /** Another one, of which the caller is the owner. */
  @Post()
  @Allow('user')
  @Answers(201, organizationSchema)
  async create(
    @SignedIn() user: SignedInUser,
    @Body({ schema: createOrganizationSchema }) body: z.infer<typeof createOrganizationSchema>,
  ) {
    return presentOrganization(await this.createOrganization.another(user.id, body.name));
  }

  /** The caller is no member any more, and the organization keys that they made end; not the last owner. */
  @Post(':id/leave')
  @Allow('leave')
  @Answers(200, removedMemberSchema)
  async leave(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const organization = await this.organizations.get(caller, id);
    if (caller.kind !== 'member') throw notFound('Member');
    await this.members.leave(organization.id, caller.userId);
    return { object: 'member', user_id: caller.userId, deleted: true };
  }

  /** For good, by an owner; refused while it has projects. Its keys, invitations and memberships end. */
  @Delete(':id')
  @Allow('own')
  @Answers(200, deletedSchema)
  async remove(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: deleteOrganizationSchema }) query: z.infer<typeof deleteOrganizationSchema>,
  ) {
    await this.deleteOrganization.execute(caller, id, query.confirm);
    return { object: 'organization', id, deleted: true };
  }
}
