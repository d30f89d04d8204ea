import type { RawRequest } from '../http/request.js';
import { serialization } from './errors.js';
import type { SesOperation } from './operation.js';

export interface Match {
  readonly operation: SesOperation;
  readonly labels: Readonly<Record<string, string>>;
}

interface Entry {
  readonly operation: SesOperation;
  readonly segments: readonly string[];
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Finds operations by method and raw path; a label takes exactly one (percent-encoded) segment. */
export class Router {
  private readonly exact = new Map<string, SesOperation>();
  private readonly patterns = new Map<string, Entry[]>();

  constructor(operations: readonly SesOperation[]) {
    for (const operation of operations) {
      for (const { method, path } of operation.routes) {
        if (!path.includes('{')) this.exact.set(`${method} ${path}`, operation);
        else {
          const segments = path.split('/');
          const key = `${method} ${segments.length}`;
          this.patterns.set(key, [...(this.patterns.get(key) ?? []), { operation, segments }]);
        }
      }
    }
  }

  find(method: string, rawPath: string): Match | null {
    const path = rawPath.length > 1 && rawPath.endsWith('/') ? rawPath.slice(0, -1) : rawPath;
    const operation = this.exact.get(`${method} ${path}`);
    if (operation !== undefined) return { operation, labels: {} };
    const actual = path.split('/');
    for (const entry of this.patterns.get(`${method} ${actual.length}`) ?? []) {
      const labels: Record<string, string> = {};
      const fits = entry.segments.every((segment, i) => {
        const value = actual[i] ?? '';
        if (!segment.startsWith('{')) return segment === value;
        labels[segment.slice(1, -1)] = decode(value);
        return value !== '';
      });
      if (fits) return { operation: entry.operation, labels };
    }
    return null;
  }
}

const readQuery = (rawQuery: string, operation: SesOperation): Record<string, unknown> => {
  const members: Record<string, unknown> = {};
  if (rawQuery === '') return members;
  const query = new URLSearchParams(rawQuery);
  for (const [name, { member, type }] of Object.entries(operation.query)) {
    const values = query.getAll(name);
    const [value] = values;
    if (value === undefined) continue;
    if (type === 'list') members[member] = values;
    else if (type === 'integer') members[member] = Number(value);
    // SDKs write query timestamps in ISO 8601, unlike those in bodies.
    else if (type === 'timestamp')
      members[member] = /^[\d.]+$/.test(value) ? Number(value) : Date.parse(value) / 1000;
    else members[member] = value;
  }
  return members;
};

/** One input from path labels, query and JSON body. Labels win, as they are what was authorised. */
export const gatherInput = (request: RawRequest, match: Match): Record<string, unknown> => {
  let body: Record<string, unknown> = {};
  if (request.body.length > 0) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(request.body.toString('utf8'));
    } catch {
      throw serialization(null);
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw serialization(null);
    body = parsed as Record<string, unknown>;
  }
  if (request.rawQuery === '' && Object.keys(match.labels).length === 0) return body;
  return { ...body, ...readQuery(request.rawQuery, match.operation), ...match.labels };
};
