import { Inject, Injectable } from '@nestjs/common';
import { Broadcast } from '#libs/database';
import { AppError, notFound } from '#libs/errors';
import { AuditRepository } from './audit.repository.js';
import { KEY_REVOKED } from './authenticate.js';
import { Organizations } from './organizations.js';
import { OrganizationsRepository } from './organizations.repository.js';
import { actorOf, type Principal } from './principal.js';

const NAMED = 5;

/** Ends an organization for everybody: its keys, invitations and memberships. Its audit log stays. */
@Injectable()
export class DeleteOrganization {
  constructor(
    @Inject(Organizations) private readonly organizations: Organizations,
    @Inject(OrganizationsRepository) private readonly repository: OrganizationsRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {}

  /**
   * @param confirm the name of the organization, as its owner typed it
   * @throws AppError not_found, `organizations.not_confirmed`, `organizations.has_projects`
   */
  async execute(by: Principal, id: string, confirm: string | undefined): Promise<void> {
    const { name } = await this.organizations.get(by, id);
    if (confirm?.trim() !== name)
      throw new AppError({
        code: 'organizations.not_confirmed',
        kind: confirm === undefined ? 'missing_field' : 'invalid',
        field: 'confirm',
        message: 'The `confirm` parameter must be the name of the organization, exactly.',
      });
    const removal = await this.repository.remove(id);
    if (removal.outcome === 'unknown') throw notFound('Organization');
    if (removal.outcome === 'has_projects') throw hasProjects(removal.projects);
    await this.broadcast.send(KEY_REVOKED, id);
    const { keys, invitations, members } = removal;
    await this.audit.append(id, undefined, actorOf(by), 'organization.deleted', id, {
      name,
      keys,
      invitations,
      members,
    });
  }
}

function hasProjects(names: readonly string[]): AppError {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return new AppError({
    code: 'organizations.has_projects',
    kind: 'conflict',
    message: `The organization still has projects: ${names.slice(0, NAMED).join(', ')}${more}.`,
    remedy:
      'Delete them first. Deleting a project ends its connections and keys, and mail that has not been sent by then stays unsent.',
  });
}
