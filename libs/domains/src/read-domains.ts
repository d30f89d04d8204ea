import { Inject, Injectable } from '@nestjs/common';
import type { Domain } from './domain.js';
import { DomainsRepository, type DomainPage } from './domains.repository.js';

/** Domains of a project. */
@Injectable()
export class ReadDomains {
  constructor(@Inject(DomainsRepository) private readonly domains: DomainsRepository) {}

  /** @throws AppError `domain.not_found` */
  get(projectId: string, id: string): Promise<Domain> {
    return this.domains.get(projectId, id);
  }

  /** Newest first. `hasMore` looks in the direction of the page: older ones, or with `before` still newer ones. */
  async list(projectId: string, page: DomainPage): Promise<{ domains: Domain[]; hasMore: boolean }> {
    const found = await this.domains.list(projectId, page);
    const domains = found.slice(0, page.limit);
    if (page.before !== undefined) domains.reverse();
    return { domains, hasMore: found.length > page.limit };
  }
}
