import { Body, Controller, Get, Inject, Param, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Organizations, type Principal } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { organizationSchema, updateOrganizationSchema } from './account.schemas.js';
import { presentOrganization } from './present-organization.js';

const uuid = z.uuid();

/** The caller's organization. */
@ApiTags('Accounts')
@ApiBearerAuth()
@Allow('administer')
@Controller('v1/organizations/:id')
export class OrganizationsController {
  constructor(@Inject(Organizations) private readonly organizations: Organizations) {}

  @Get()
  @Answers(200, organizationSchema)
  async get(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return presentOrganization(await this.organizations.get(caller, id));
  }

  @Patch()
  @Answers(200, organizationSchema)
  async update(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: updateOrganizationSchema }) body: z.infer<typeof updateOrganizationSchema>,
  ) {
    return presentOrganization(await this.organizations.rename(caller, id, body.name));
  }
}
