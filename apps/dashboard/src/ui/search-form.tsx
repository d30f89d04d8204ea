import type { ReactNode } from 'react';
import { Button } from './button';
import { filledFields, fromLocalInput } from './search-list';

/** The form above a list. Nothing is asked until it is sent: a search may read many rows. */
export function SearchForm({
  label,
  filters,
  onSearch,
  children,
}: {
  label: string;
  /** What the list is narrowed to now. */
  filters: object;
  /** The fields that are filled in, times as ISO 8601; none of them: all is shown again. */
  onSearch: (fields: Record<string, string | undefined>) => void;
  children: ReactNode;
}) {
  return (
    <form
      // Another address of the page is another form.
      key={JSON.stringify(filters)}
      role="search"
      aria-label={label}
      className="mb-5 grid gap-3 sm:grid-cols-2 lg:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault();
        const { since, until, ...fields } = filledFields(event.currentTarget);
        onSearch({ ...fields, since: fromLocalInput(since), until: fromLocalInput(until) });
      }}
    >
      {children}
      <div className="flex gap-2 sm:col-span-2 lg:col-span-3">
        <Button type="submit" kind="primary">
          Search
        </Button>
        {Object.keys(filters).length > 0 && <Button onClick={() => onSearch({})}>Clear</Button>}
      </div>
    </form>
  );
}
