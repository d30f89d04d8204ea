import type { Delta } from './delta.js';

/** Deltas as the columns of a table, for a statement: $1 to $9. */
export const unnestDeltasSql =
  'unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::smallint[], $9::bigint[])';

/** The values that {@link unnestDeltasSql} wants. */
export function deltaColumns(deltas: readonly Delta[]): unknown[] {
  const column = <T>(pick: (delta: Delta) => T): T[] => deltas.map(pick);
  return [
    column((d) => d.projectId),
    column((d) => d.connectionId),
    column((d) => d.domain),
    column((d) => d.tagName),
    column((d) => d.tagValue),
    column((d) => d.hour),
    column((d) => d.metric),
    column((d) => d.bucket),
    column((d) => d.value),
  ];
}
