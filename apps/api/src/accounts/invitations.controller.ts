import { Body, Controller, Delete, Get, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Invitations, Organizations, type InvitationRecord, type Principal } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { PublicUrl } from '../http/public-url.js';
import { deletedSchema } from '../projects/project.schemas.js';
import { createdInvitationSchema, createInvitationSchema, invitationListSchema } from './account.schemas.js';

const uuid = z.uuid();

/** Invitations to an organization, valid for a week. */
@ApiTags('Accounts')
@ApiBearerAuth()
@Allow('members')
@Controller('v1/organizations/:id/invitations')
export class InvitationsController {
  constructor(
    @Inject(Organizations) private readonly organizations: Organizations,
    @Inject(Invitations) private readonly invitations: Invitations,
    @Inject(PublicUrl) private readonly publicUrl: PublicUrl,
  ) {}

  /** No mail is sent: pass the answer's `url` on. It is shown this once. */
  @Post()
  @Answers(201, createdInvitationSchema)
  async create(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: createInvitationSchema }) body: z.infer<typeof createInvitationSchema>,
    @Req() request: FastifyRequest,
  ) {
    const organization = await this.organizations.get(caller, id);
    const invitation = await this.invitations.create(organization.id, caller, body);
    const { token } = invitation;
    return { ...present(invitation), token, url: `${this.publicUrl.of(request)}/app/invitations/${token}` };
  }

  /** Those that can still be accepted. */
  @Get()
  @Answers(200, invitationListSchema)
  async list(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const organization = await this.organizations.get(caller, id);
    const invitations = await this.invitations.list(organization.id);
    return { object: 'list', has_more: false, data: invitations.map(present) };
  }

  @Delete(':invitationId')
  @Answers(200, deletedSchema)
  async revoke(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Param('invitationId', { schema: uuid }) invitationId: string,
  ) {
    const organization = await this.organizations.get(caller, id);
    await this.invitations.revoke(organization.id, caller, invitationId);
    return { object: 'invitation', id: invitationId, deleted: true };
  }
}

function present(invitation: InvitationRecord) {
  return {
    object: 'invitation',
    id: invitation.id,
    email: invitation.email,
    role: invitation.role,
    expires_at: invitation.expiresAt.toISOString(),
    created_at: invitation.createdAt.toISOString(),
  };
}
