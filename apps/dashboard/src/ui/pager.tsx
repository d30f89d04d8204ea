import { useState } from 'react';
import { Button } from './button';

const PAGE = 25;

/** Cursors of the pages so far; the last one is shown. */
export function usePages() {
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const after = cursors.at(-1);
  return {
    after,
    /** For the API's query. */
    query: { limit: PAGE, ...(after !== undefined && { after }) },
    isFirst: cursors.length === 1,
    next: (after: string) => setCursors([...cursors, after]),
    back: () => setCursors(cursors.slice(0, -1)),
    reset: () => setCursors([undefined]),
  };
}

export type Pages = ReturnType<typeof usePages>;

export function Pager({
  pages,
  list,
}: {
  pages: Pages;
  list: { has_more: boolean; data: readonly { id: string }[] };
}) {
  const last = list.data.at(-1);
  if (pages.isFirst && !list.has_more) return null;
  return (
    <nav aria-label="Pages of the list" className="mt-4 flex gap-2">
      <Button disabled={pages.isFirst} onClick={pages.back}>
        Newer
      </Button>
      <Button
        disabled={!list.has_more || last === undefined}
        onClick={() => last !== undefined && pages.next(last.id)}
      >
        Older
      </Button>
    </nav>
  );
}
