import { useEffect, type CSSProperties, type ReactNode } from 'react';

/** The head of a page; names the browser's tab as well. */
export function PageHead({
  title,
  about,
  actions,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Sesame`;
  }, [title]);
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight break-words">{title}</h1>
        {about !== undefined && <div className="mt-1 max-w-prose text-muted">{about}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}

export function Card({
  title,
  actions,
  children,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="rounded-xl border border-line bg-card p-4 sm:p-5">
      {title !== undefined && (
        <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
          <h2 className="text-base font-semibold">{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

/** What an empty page says: what would be here, and the next step. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="rounded-xl border border-dashed border-line-strong p-8 text-center">
      <p className="font-medium">{title}</p>
      <div className="mx-auto mt-1 max-w-prose text-muted">{children}</div>
    </div>
  );
}

/** Names and values of a thing. Values that are undefined are left out. */
export function Facts({ facts }: { facts: Readonly<Record<string, ReactNode>> }) {
  return (
    <dl className="grid grid-cols-1 gap-x-6 gap-y-3 sm:grid-cols-[max-content_1fr]">
      {Object.entries(facts)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="-mt-2 min-w-0 break-words sm:mt-0">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Names of columns for the rows of a phone, where each row is a list; `.rows` in app.css shows them. */
const columnNames = (columns: readonly string[]): CSSProperties =>
  Object.fromEntries(
    columns.map((column, index) => [
      `--column-${index + 1}`,
      column === 'Actions' ? '""' : JSON.stringify(column),
    ]),
  );

/** A wide table scrolls in its own box, which the keyboard reaches; on a phone each row is a list of its own. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly string[];
  children: ReactNode;
}) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="relative overflow-x-auto rounded-xl border border-line bg-card"
    >
      <table className="rows w-full border-collapse text-left text-sm" style={columnNames(columns)}>
        <thead>
          <tr className="border-b border-line text-muted">
            {columns.map((column) => (
              <th key={column} scope="col" className="px-4 py-2.5 font-medium whitespace-nowrap">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr+tr]:border-t [&>tr]:border-line [&_td]:px-4 [&_td]:py-2.5 [&_td]:align-top">
          {children}
        </tbody>
      </table>
    </div>
  );
}
