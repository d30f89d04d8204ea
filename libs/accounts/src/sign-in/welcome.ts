import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { CreateOrganization } from '../create-organization.js';
import { Invitations } from '../members/invitations.js';
import type { SignUps } from './sign-ups.js';
import { signUpRefusal } from './sign-up-refusal.js';

/** New users: who may become one, and where they arrive. */
@Injectable()
export class Welcome implements SignUps {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Invitations) private readonly invitations: Invitations,
    @Inject(CreateOrganization) private readonly create: CreateOrganization,
  ) {}

  async refusal(email: string, invitation: string | undefined): Promise<string | undefined> {
    const isInvited = invitation !== undefined && (await this.invitations.isFor(invitation, email));
    return signUpRefusal(this.config.accounts.signUp, invitation !== undefined, isInvited);
  }

  async welcome(
    user: { id: string; name: string; email: string },
    invitation: string | undefined,
  ): Promise<void> {
    if (invitation !== undefined) {
      await this.invitations.accept(user, invitation);
      return;
    }
    // Where accounts are not open, a user of the OpenID Connect provider waits for an invitation.
    if (this.config.accounts.signUp !== 'open') return;
    await this.create.execute(user.id, user.name.trim().slice(0, 100) || 'My organization');
  }
}
