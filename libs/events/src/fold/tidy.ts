const MAX_TEXT = 2_000;
const MAX_ITEMS = 50;

/** What others wrote, as PostgreSQL's jsonb takes it: no NUL, no half characters, no endless texts. Absent values are left out. */
export function tidy(value: unknown): unknown {
  if (typeof value === 'string') return tidyText(value);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== null)
      .slice(0, MAX_ITEMS)
      .map(([key, inner]) => [tidyText(key), tidy(inner)]),
  );
}

export function tidyText(text: string): string {
  return text.slice(0, MAX_TEXT).replaceAll('\u0000', '').toWellFormed();
}
