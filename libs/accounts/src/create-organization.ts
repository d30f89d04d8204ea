import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { newId } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { AuditRepository } from './audit.repository.js';
import { MembersRepository, type Membership } from './members/members.repository.js';
import { OrganizationsRepository, type OrganizationRecord } from './organizations.repository.js';
import { can } from './policy.js';
import { userActor } from './principal.js';

/** Makes an organization for somebody, who becomes its first owner. */
@Injectable()
export class CreateOrganization {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(OrganizationsRepository) private readonly organizations: OrganizationsRepository,
    @Inject(MembersRepository) private readonly members: MembersRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
  ) {}

  /** Where accounts come by invitation, so do organizations: who owns one may make another. */
  isAllowed(memberships: readonly Membership[]): boolean {
    return this.config.accounts.signUp === 'open' || memberships.some(({ role }) => can(role, 'own'));
  }

  /** By somebody who has an account already. @throws AppError `organizations.not_open` */
  async another(userId: string, name: string): Promise<OrganizationRecord> {
    if (!this.isAllowed(await this.members.membershipsOf(userId)))
      throw new AppError({
        code: 'organizations.not_open',
        kind: 'forbidden',
        message: 'On this installation only owners of an organization make further ones.',
        remedy: 'Ask the operator for an organization, or a member of one for an invitation.',
      });
    return this.execute(userId, name);
  }

  async execute(userId: string, name: string): Promise<OrganizationRecord> {
    const id = newId();
    await this.organizations.create(id, name);
    await this.members.add(id, userId, 'owner');
    await this.audit.append(id, undefined, userActor(userId), 'organization.created', id, { owner: userId });
    const organization = await this.organizations.find(id);
    if (organization === null) throw notFound('Organization');
    return organization;
  }
}
