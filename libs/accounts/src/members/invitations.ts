import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, newId, sha256 } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { AuditRepository } from '../audit.repository.js';
import type { Role } from '../policy.js';
import { actorOf, userActor, type Principal } from '../principal.js';
import { InvitationsRepository, type InvitationRecord } from './invitations.repository.js';
import { MembersRepository } from './members.repository.js';
import { checkRoleChange, roleOf } from './role-changes.js';

const VALID_MS = 7 * 24 * 3600 * 1000;

/** Invitations to an organization. The link is shown to who invites, to be passed on: a new installation cannot send mail yet. */
@Injectable()
export class Invitations {
  constructor(
    @Inject(InvitationsRepository) private readonly invitations: InvitationsRepository,
    @Inject(MembersRepository) private readonly members: MembersRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @returns the invitation with its token, which is shown this once and stored only as a hash */
  async create(
    organizationId: string,
    by: Principal,
    input: { email: string; role: Role },
  ): Promise<InvitationRecord & { token: string }> {
    checkRoleChange(roleOf(by), undefined, input.role);
    const token = randomBytes(32).toString('base64url');
    const invitation = await this.invitations.create(organizationId, {
      id: newId(),
      email: input.email.toLowerCase(),
      role: input.role,
      tokenHash: sha256(token),
      invitedBy: actorOf(by),
      expiresAt: new Date(this.clock.now().getTime() + VALID_MS),
    });
    await this.audit.append(
      organizationId,
      undefined,
      actorOf(by),
      'invitation.created',
      invitation.id,
      input,
    );
    return { ...invitation, token };
  }

  list(organizationId: string): Promise<InvitationRecord[]> {
    return this.invitations.listOpen(organizationId, this.clock.now());
  }

  /** @throws AppError not_found */
  async revoke(organizationId: string, by: Principal, id: string): Promise<void> {
    if (!(await this.invitations.revoke(organizationId, id, this.clock.now()))) throw notFound('Invitation');
    await this.audit.append(organizationId, undefined, actorOf(by), 'invitation.revoked', id, {});
  }

  async isFor(token: string, email: string): Promise<boolean> {
    const invitation = await this.invitations.findOpen(sha256(token), this.clock.now());
    return invitation?.email === email.toLowerCase();
  }

  /**
   * Makes the user a member. Who is one already keeps the role.
   *
   * @throws AppError not_found for a token that is unknown, used, revoked or too old; `invitations.other_address`
   */
  async accept(
    user: { id: string; email: string },
    token: string,
  ): Promise<{ organizationId: string; role: Role }> {
    const now = this.clock.now();
    const invitation = await this.invitations.findOpen(sha256(token), now);
    if (invitation === undefined) throw notFound('Invitation');
    if (invitation.email !== user.email.toLowerCase())
      throw new AppError({
        code: 'invitations.other_address',
        kind: 'forbidden',
        message: 'This invitation is for another e-mail address than the one you are signed in with.',
        remedy: 'Sign in with the invited address, or ask for an invitation to yours.',
      });
    const { organizationId, id } = invitation;
    if (!(await this.invitations.take(organizationId, id, now))) throw notFound('Invitation');
    await this.members.add(organizationId, user.id, invitation.role);
    const role = (await this.members.find(organizationId, user.id))?.role ?? invitation.role;
    await this.audit.append(organizationId, undefined, userActor(user.id), 'invitation.accepted', id, {
      role,
    });
    return { organizationId, role };
  }
}
