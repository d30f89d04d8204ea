import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#libs/errors';
import { AuditRepository } from '../audit.repository.js';
import { MembersRepository } from '../members/members.repository.js';
import { OrganizationsRepository } from '../organizations.repository.js';
import { LoadBetterAuth } from './load-better-auth.js';

/** Makes an owner, or gives one a new password, for an operator at the command line. */
@Injectable()
export class BootstrapOwner {
  constructor(
    @Inject(LoadBetterAuth) private readonly load: LoadBetterAuth,
    @Inject(OrganizationsRepository) private readonly organizations: OrganizationsRepository,
    @Inject(MembersRepository) private readonly members: MembersRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
  ) {}

  /** @returns the random password, shown this once @throws AppError not_found for an unknown organization */
  async execute(organizationId: string, email: string): Promise<string> {
    if ((await this.organizations.find(organizationId)) === null) throw notFound('Organization');
    const password = randomBytes(15).toString('base64url');
    const userId = await this.ensureUser(email.toLowerCase(), password);
    if (!(await this.members.add(organizationId, userId, 'owner')))
      await this.members.change(organizationId, userId, 'owner');
    await this.audit.append(organizationId, undefined, 'system', 'owner.bootstrapped', userId, {});
    return password;
  }

  private async ensureUser(email: string, password: string): Promise<string> {
    const { internalAdapter, password: passwords } = await (await this.load.execute()).$context;
    const hash = await passwords.hash(password);
    const found = await internalAdapter.findUserByEmail(email, { includeAccounts: true });
    const user =
      found?.user ??
      (await internalAdapter.createUser(
        { name: 'Admin', email, emailVerified: false },
        { method: 'email-password' },
      ));
    if (found?.accounts.some((account) => account.providerId === 'credential') === true) {
      await internalAdapter.updatePassword(user.id, hash);
      await internalAdapter.deleteUserSessions(user.id);
    } else {
      await internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: hash,
      });
    }
    return user.id;
  }
}
