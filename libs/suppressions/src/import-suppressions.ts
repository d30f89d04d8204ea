import { Inject, Injectable } from '@nestjs/common';
import { parseImport, type ImportFormat, type ImportProblem } from './parse-import.js';
import { SuppressionsRepository } from './suppressions.repository.js';

const ROWS_PER_STATEMENT = 5_000;

export interface ImportResult {
  added: number;
  /** Suppressed before; they stay as they are. */
  existing: number;
  invalid: number;
  /** The first hundred lines without an address. */
  problems: ImportProblem[];
}

/**
 * Takes over the suppression list of another sender. Announces nothing: whoever imports a list knows it, and a hundred
 * thousand webhooks would tell nobody anything.
 */
@Injectable()
export class ImportSuppressions {
  constructor(@Inject(SuppressionsRepository) private readonly suppressions: SuppressionsRepository) {}

  /** Safe to repeat: what is there already stays. @throws AppError `suppressions.bad_import` */
  async execute(projectId: string, text: string, format: ImportFormat): Promise<ImportResult> {
    const { items, problems, problemCount } = parseImport(text, format);
    let added = 0;
    for (let at = 0; at < items.length; at += ROWS_PER_STATEMENT) {
      const rows = items.slice(at, at + ROWS_PER_STATEMENT).map((item) => ({ ...item, sourceId: undefined }));
      added += await this.suppressions.load(projectId, rows);
    }
    return { added, existing: items.length - added, invalid: problemCount, problems };
  }
}
