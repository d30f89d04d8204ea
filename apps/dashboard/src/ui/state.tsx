import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/client';
import { Button } from './button';

const tones = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  busy: 'bg-accent-soft text-accent',
  plain: 'bg-sunken text-muted',
};
export type Tone = keyof typeof tones;

const toneOf: Readonly<Record<string, Tone>> = {
  ...tone(
    'good',
    'active',
    'passed',
    'delivered',
    'sent',
    'verified',
    'enabled',
    'success',
    'published',
    'opened',
    'clicked',
  ),
  ...tone(
    'warn',
    'degraded',
    'paused',
    'delivery_delayed',
    'uncertain',
    'temporary_failure',
    'partially_verified',
    'suppressed',
  ),
  ...tone('bad', 'rejected', 'broken', 'failed', 'bounced', 'complained', 'expired', 'disabled'),
  ...tone('busy', 'verifying', 'queued', 'sending', 'scheduled', 'pending', 'attempting', 'awaiting_role'),
};

function tone(name: Tone, ...statuses: string[]): Record<string, Tone> {
  return Object.fromEntries(statuses.map((status) => [status, name]));
}

/** A status in its own word, so that colour is never the only sign. */
export function Status({ of }: { of: string }) {
  return (
    <span
      className={`inline-block rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap ${tones[toneOf[of] ?? 'plain']}`}
    >
      {of.replaceAll('_', ' ')}
    </span>
  );
}

export function Notice({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <div className={`rounded-lg px-4 py-3 text-sm ${tones[tone]}`}>{children}</div>;
}

/** The message of the API, and what to do about it. */
export function Problem({ error, onRetry }: { error: ApiError | null | undefined; onRetry?: () => void }) {
  if (error === null || error === undefined) return null;
  return (
    <div role="alert" className="rounded-lg bg-bad-soft px-4 py-3 text-sm text-bad">
      <p className="font-medium">{error.message}</p>
      {error.remedy !== undefined && <p className="mt-1 whitespace-pre-wrap">{error.remedy}</p>}
      {error.status >= 500 && error.requestId !== undefined && (
        <p className="mt-1">Request {error.requestId}</p>
      )}
      {onRetry !== undefined && (
        <Button onClick={onRetry} className="mt-2">
          Try again
        </Button>
      )}
    </div>
  );
}

/** Nothing turns without saying what for. */
export function Waiting({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="flex items-center gap-2 text-muted">
      <span aria-hidden className="size-2 animate-pulse rounded-full bg-accent motion-reduce:animate-none" />
      {children}
    </p>
  );
}

/** A query's answer, or why there is none yet. */
export function Loaded<T>({
  query,
  what,
  children,
}: {
  query: UseQueryResult<T, ApiError>;
  /** Completes "Loading …". */
  what: string;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  return <Waiting>Loading {what}…</Waiting>;
}
