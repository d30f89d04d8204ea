import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { normaliseAddress } from './address.js';
import type { NewSuppression, Suppression } from './suppression.js';
import { SystemSuppressionsRepository } from './system-suppressions.repository.js';

/** Suppresses what bounced or complained, of any number of projects, in one statement. */
@Injectable()
export class SuppressMany {
  constructor(
    @Inject(SystemSuppressionsRepository) private readonly suppressions: SystemSuppressionsRepository,
  ) {}

  /**
   * The first of several reasons counts; an address that mail cannot go to anyway is passed over.
   *
   * @param sql a transaction that it is to be part of @returns those that were not there before
   */
  async execute(
    items: readonly (NewSuppression & { projectId: string })[],
    sql?: Sql,
  ): Promise<Suppression[]> {
    const wanted = new Map<string, NewSuppression & { projectId: string }>();
    for (const item of items) {
      const email = normaliseAddress(item.email);
      const key = `${item.projectId} ${email}`;
      if (email !== undefined && !wanted.has(key)) wanted.set(key, { ...item, email });
    }
    return wanted.size === 0 ? [] : this.suppressions.add([...wanted.values()], sql);
  }
}
