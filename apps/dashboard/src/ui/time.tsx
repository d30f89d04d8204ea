const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "3 minutes ago", "in 2 hours". */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1_000;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return relative.format(Math.round(seconds / size), unit);
}

/** A time of the API, in the reader's zone. */
export function Time({ at, isRelative = false }: { at: string | null; isRelative?: boolean }) {
  if (at === null) return <>–</>;
  const full = exact.format(new Date(at));
  return (
    <time dateTime={at} title={full} className="whitespace-nowrap">
      {isRelative ? ago(at) : full}
    </time>
  );
}

/** "2 h", "1 h 30 min". @param seconds whole seconds */
export function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = seconds % 60;
  const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, rest > 0 && `${rest} s`];
  return parts.filter((part) => part !== false).join(' ') || '0 s';
}
