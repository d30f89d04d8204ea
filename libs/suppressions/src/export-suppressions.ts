import { Inject, Injectable } from '@nestjs/common';
import { SuppressionsRepository } from './suppressions.repository.js';

const ROWS_PER_STATEMENT = 5_000;

/** The suppression list of a project as CSV. */
@Injectable()
export class ExportSuppressions {
  constructor(@Inject(SuppressionsRepository) private readonly suppressions: SuppressionsRepository) {}

  /** Newest first, read as it is consumed: a million rows are never in memory. No cell needs quotes. */
  async *execute(projectId: string): AsyncGenerator<string> {
    yield 'email,origin,source_id,created_at\n';
    let after: string | undefined;
    for (;;) {
      const rows = await this.suppressions.list(projectId, { limit: ROWS_PER_STATEMENT, after });
      const page = rows.slice(0, ROWS_PER_STATEMENT);
      yield page
        .map(
          ({ email, origin, sourceId, createdAt }) =>
            `${email},${origin},${sourceId ?? ''},${createdAt.toISOString()}\n`,
        )
        .join('');
      if (rows.length <= ROWS_PER_STATEMENT) return;
      after = page.at(-1)?.id;
    }
  }
}
