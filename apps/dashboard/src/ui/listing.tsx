import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/client';
import { Table } from './layout';
import { Pager, type Pages } from './pager';
import { Loaded } from './state';

/** A list as a table, with what to say and do while it is loaded, empty, refused or longer than a page. */
export function Listing<Item extends { id: string }>({
  query,
  what,
  label,
  columns,
  row,
  empty,
  pages,
}: {
  query: UseQueryResult<{ has_more: boolean; data: readonly Item[] }, ApiError>;
  /** Completes "Loading …". */
  what: string;
  label: string;
  columns: readonly string[];
  row: (item: Item) => ReactNode;
  empty: ReactNode;
  /** Left out where one answer holds all. */
  pages?: Pages;
}) {
  return (
    <Loaded query={query} what={what}>
      {(list) =>
        list.data.length === 0 ? (
          empty
        ) : (
          <div>
            <Table label={label} columns={columns}>
              {list.data.map((item) => (
                <tr key={item.id}>{row(item)}</tr>
              ))}
            </Table>
            {pages !== undefined && <Pager pages={pages} list={list} />}
          </div>
        )
      }
    </Loaded>
  );
}
