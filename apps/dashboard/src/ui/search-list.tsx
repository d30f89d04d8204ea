import { Button } from './button';
import { Notice } from './state';
import { Time } from './time';

interface SearchList {
  has_more: boolean;
  data: readonly { id: string }[];
  search?: { looked_until: string | null; continues_after: string | null } | undefined;
}

/** Walks a list whose place is in the page's address: the browser's own Back goes to the page before. */
export function SearchPager({
  list,
  after,
  onGo,
}: {
  list: SearchList;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}) {
  const { looked_until: lookedUntil, continues_after: continuesAfter } = list.search ?? {};
  const last = list.data.at(-1)?.id;
  const next = continuesAfter ?? (list.has_more ? last : undefined);
  const isPartial = lookedUntil !== undefined && lookedUntil !== null;
  if (after === undefined && next === undefined) return null;
  return (
    <div className="mt-4 flex flex-col gap-3">
      {isPartial && (
        <Notice>
          Searched back to <Time at={lookedUntil} />. What is older was not looked at yet.
        </Notice>
      )}
      <nav aria-label="Pages of the list" className="flex gap-2">
        <Button disabled={after === undefined} onClick={() => onGo(undefined)}>
          Newest
        </Button>
        <Button disabled={next === undefined} onClick={() => onGo(next)}>
          {isPartial ? 'Search further back' : 'Older'}
        </Button>
      </nav>
    </div>
  );
}

/** The values of a form's fields, without those that are empty. */
export function filledFields(form: HTMLFormElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string' && value.trim() !== '') fields[name] = value.trim();
  return fields;
}

/** Texts of an address's query; what is a number or a truth value there is a text here. */
export function textsOf<Name extends string>(
  search: Record<string, unknown>,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = search[name];
    if (['string', 'number', 'boolean'].includes(typeof value) && value !== '') texts[name] = String(value);
  }
  return texts;
}

/** For `datetime-local`, in the reader's zone. */
export function toLocalInput(iso: string | undefined): string {
  const at = iso === undefined ? NaN : Date.parse(iso);
  if (Number.isNaN(at)) return '';
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** From `datetime-local`. */
export function fromLocalInput(local: string | undefined): string | undefined {
  const at = local === undefined ? NaN : Date.parse(local);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
