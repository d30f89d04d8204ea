import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#libs/errors';
import { AuditRepository } from './audit.repository.js';
import { OrganizationsRepository, type OrganizationRecord } from './organizations.repository.js';
import { actorOf, type Principal } from './principal.js';

/** Organizations, and who may reach them: their members and their own keys, no key of a project. */
@Injectable()
export class Organizations {
  constructor(
    @Inject(OrganizationsRepository) private readonly organizations: OrganizationsRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
  ) {}

  /** @throws AppError not_found, also for one that the caller does not reach */
  async get(by: Principal, id: string): Promise<OrganizationRecord> {
    const isReached = by.organizationId === id && by.projectId === undefined;
    const organization = isReached ? await this.organizations.find(id) : null;
    if (organization === null) throw notFound('Organization');
    return organization;
  }

  /** @throws AppError not_found */
  async rename(by: Principal, id: string, name: string): Promise<OrganizationRecord> {
    await this.get(by, id);
    const organization = await this.organizations.rename(id, name);
    await this.audit.append(id, undefined, actorOf(by), 'organization.updated', id, { name });
    return organization;
  }
}
