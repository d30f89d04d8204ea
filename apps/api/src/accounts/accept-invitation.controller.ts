import { Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Invitations, type SignedInUser } from '#libs/accounts';
import { Allow, SignedIn } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { acceptedInvitationSchema } from './account.schemas.js';

/** For who is signed in already; a new user names the invitation when they sign up. */
@ApiTags('Accounts')
@Allow('user')
@Controller('v1/invitations')
export class AcceptInvitationController {
  constructor(@Inject(Invitations) private readonly invitations: Invitations) {}

  @Post(':token/accept')
  @Answers(200, acceptedInvitationSchema)
  async accept(
    @SignedIn() user: SignedInUser,
    // Whatever is no invitation is not found, however it looks.
    @Param('token', { schema: z.string() }) token: string,
  ) {
    const { organizationId, role } = await this.invitations.accept(user, token);
    return { object: 'membership', organization_id: organizationId, role };
  }
}
