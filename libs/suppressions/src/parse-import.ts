import { AppError } from '#libs/errors';
import { normaliseAddress } from './address.js';
import { splitCsvLine } from './csv.js';
import type { SuppressionOrigin } from './suppression.js';

export type ImportFormat = 'csv' | 'ndjson';

export interface ImportedAddress {
  email: string;
  origin: SuppressionOrigin;
}

/** A line that holds no address; lines count from 1. */
export interface ImportProblem {
  line: number;
  message: string;
}

export interface ParsedImport {
  /** Each address once. */
  items: ImportedAddress[];
  /** The first of them. */
  problems: ImportProblem[];
  problemCount: number;
}

const MAX_LINES = 100_000;
const SHOWN_PROBLEMS = 100;
const emailColumns = /^(e-?mail([ _]?address)?|address|recipient)$/i;
const originColumns = /^(origin|reason|type)$/i;

/**
 * Reads a list of addresses: CSV with a header (or one column without) or JSON lines (`{"email", "origin"}` or a text).
 * Columns are found by the names that the exports of other senders give them.
 *
 * @throws AppError for more than 100 000 lines, or a CSV header without a column of addresses
 */
export function parseImport(text: string, format: ImportFormat): ParsedImport {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines.length > MAX_LINES + 1) throw refusal(`An import may hold at most ${MAX_LINES} lines. Split it.`);
  const read = format === 'csv' ? csvReader(lines) : { readLine: readJson, first: 0 };
  const items = new Map<string, ImportedAddress>();
  const problems: ImportProblem[] = [];
  let problemCount = 0;
  for (const [index, line] of lines.entries()) {
    if (index < read.first || line.trim() === '') continue;
    const row = read.readLine(line);
    const email = row === undefined ? undefined : normaliseAddress(row.email);
    if (row === undefined || email === undefined) {
      problemCount += 1;
      if (problems.length < SHOWN_PROBLEMS)
        problems.push({
          line: index + 1,
          message: row === undefined ? 'Not an object with an `email`.' : 'Not an email address.',
        });
    } else if (!items.has(email)) items.set(email, { email, origin: originOf(row.origin) });
  }
  return { items: [...items.values()], problems, problemCount };
}

interface ImportRow {
  email: string;
  origin: string;
}

interface LineReader {
  readLine: (line: string) => ImportRow | undefined;
  /** Index of the first line with an address. */
  first: number;
}

function csvReader(lines: readonly string[]): LineReader {
  const head = lines[0] ?? '';
  const separator = !head.includes(',') && head.includes(';') ? ';' : ',';
  const names = splitCsvLine(head, separator).map((name) => name.trim());
  if (names.some((name) => name.includes('@'))) {
    const at = names.findIndex((name) => name.includes('@'));
    return { readLine: (line) => ({ email: splitCsvLine(line, separator)[at] ?? '', origin: '' }), first: 0 };
  }
  const emailAt = names.findIndex((name) => emailColumns.test(name));
  const originAt = names.findIndex((name) => originColumns.test(name));
  if (emailAt < 0) throw refusal('The first line of the CSV names no column `email`.');
  return {
    readLine: (line) => {
      const cells = splitCsvLine(line, separator);
      return { email: cells[emailAt] ?? '', origin: cells[originAt] ?? '' };
    },
    first: 1,
  };
}

function readJson(line: string): ImportRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value === 'string') return { email: value, origin: '' };
  if (typeof value !== 'object' || value === null || !('email' in value) || typeof value.email !== 'string')
    return undefined;
  return {
    email: value.email,
    origin: 'origin' in value && typeof value.origin === 'string' ? value.origin : '',
  };
}

/** `Hard Bounce`, `COMPLAINT`, `spam report` …: the words that senders use. */
function originOf(text: string): SuppressionOrigin {
  if (/bounce/i.test(text)) return 'bounce';
  return /complain|spam/i.test(text) ? 'complaint' : 'manual';
}

function refusal(message: string): AppError {
  return new AppError({ code: 'suppressions.bad_import', kind: 'invalid', field: 'body', message });
}
