import { Inject, Injectable } from '@nestjs/common';
import { isUuid } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { normaliseAddress } from './address.js';
import type { Announce } from './announce.js';
import { SuppressionsRepository, type SuppressionPage } from './suppressions.repository.js';
import type { Suppression } from './suppression.js';

/** The suppression list of a project, as people see and change it. */
@Injectable()
export class Suppressions {
  constructor(@Inject(SuppressionsRepository) private readonly suppressions: SuppressionsRepository) {}

  /**
   * Suppresses addresses by hand. One that is suppressed already comes back as it is.
   *
   * @returns one for each address given, in its order @throws AppError `suppression.invalid_email`
   */
  async add(
    projectId: string,
    emails: readonly string[],
    announce: Announce,
    field: 'email' | 'emails' = 'email',
  ): Promise<Suppression[]> {
    const wanted = emails.map((email, index) =>
      readAddress(email, field === 'email' ? field : `${field}[${index}]`),
    );
    const items = [...new Set(wanted)].map((email) => ({
      email,
      origin: 'manual' as const,
      sourceId: undefined,
    }));
    let afterwards = () => {};
    const added = await this.suppressions.transaction(async (sql) => {
      const all = await this.suppressions.add(projectId, items, sql);
      const fresh = all.filter(({ isNew }) => isNew).map(({ suppression }) => suppression);
      if (fresh.length > 0) afterwards = await announce(sql, 'suppression.added', fresh);
      return all;
    });
    afterwards();
    const byEmail = new Map(added.map(({ suppression }) => [suppression.email, suppression]));
    return wanted.flatMap((email) => byEmail.get(email) ?? []);
  }

  /** @param idOrEmail @throws AppError not_found, also for another project's, or when it is neither */
  async get(projectId: string, idOrEmail: string): Promise<Suppression> {
    const found = await this.suppressions.find(projectId, readKey(idOrEmail));
    if (found === undefined) throw notFound('Suppression');
    return found;
  }

  /** @throws AppError not_found, or when it is neither an id nor an address */
  async remove(projectId: string, idOrEmail: string, announce: Announce): Promise<Suppression> {
    const key = readKey(idOrEmail);
    const [removed] = await this.removeAll(
      projectId,
      'id' in key ? { ids: [key.id] } : { emails: [key.email] },
      announce,
    );
    if (removed === undefined) throw notFound('Suppression');
    return removed;
  }

  /** Those that are not suppressed are passed over. @returns the removed ones @throws AppError `suppression.invalid_email` */
  removeMany(
    projectId: string,
    keys: { ids: readonly string[] } | { emails: readonly string[] },
    announce: Announce,
  ): Promise<Suppression[]> {
    if ('ids' in keys) return this.removeAll(projectId, keys, announce);
    const emails = keys.emails.map((email, index) => readAddress(email, `emails[${index}]`));
    return this.removeAll(projectId, { emails }, announce);
  }

  /** Newest first; `after` walks to older ones, `before` to newer. @throws AppError for an unknown cursor */
  async list(projectId: string, page: SuppressionPage): Promise<{ hasMore: boolean; data: Suppression[] }> {
    const cursor = page.after ?? page.before;
    if (cursor !== undefined && (await this.suppressions.find(projectId, { id: cursor })) === undefined) {
      const field = page.after === undefined ? 'before' : 'after';
      throw new AppError({
        code: 'suppressions.unknown_cursor',
        kind: 'invalid',
        field,
        message: `The \`${field}\` cursor is not a suppression of this project.`,
      });
    }
    const rows = await this.suppressions.list(projectId, page);
    const data = rows.slice(0, page.limit);
    if (page.before !== undefined) data.reverse();
    return { hasMore: rows.length > page.limit, data };
  }

  private async removeAll(
    projectId: string,
    keys: { ids: readonly string[] } | { emails: readonly string[] },
    announce: Announce,
  ): Promise<Suppression[]> {
    let afterwards = () => {};
    const removed = await this.suppressions.transaction(async (sql) => {
      const gone = await this.suppressions.remove(projectId, keys, sql);
      if (gone.length > 0) afterwards = await announce(sql, 'suppression.removed', gone);
      return gone;
    });
    afterwards();
    return removed;
  }
}

function readAddress(text: string, field: string): string {
  const email = normaliseAddress(text);
  if (email !== undefined) return email;
  throw new AppError({
    code: 'suppression.invalid_email',
    kind: 'invalid',
    field,
    message: `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` format.`,
  });
}

function readKey(idOrEmail: string): { id: string } | { email: string } {
  if (isUuid(idOrEmail)) return { id: idOrEmail };
  const email = normaliseAddress(idOrEmail);
  if (email !== undefined) return { email };
  throw new AppError({
    code: 'suppression.invalid_key',
    kind: 'invalid_parameter',
    field: 'id',
    message: 'The `id` must be a valid UUID or an email address.',
  });
}
