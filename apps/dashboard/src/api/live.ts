import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useMaybeProjectId } from './hooks';

/** What the API tells watchers of a project; libs/live says the same. */
export type LiveEvent =
  | { type: 'ready' | 'reset' }
  | { type: 'email.status'; emails: { id: string; event: string }[]; more: number }
  | { type: 'metrics'; counts: Record<string, number> }
  | { type: 'connection.status'; id: string; status: string };

const kinds = ['ready', 'reset', 'email.status', 'metrics', 'connection.status'] as const;
/** After a refusal (too many streams, say) it is asked again; meanwhile pages poll. */
const AGAIN_MS = 30_000;

/**
 * Reads again what has changed in the project while the page is open, as it happens. The stream is closed while nobody looks at the
 * page: browsers have few connections for one host, and a hidden tab must not hold one.
 *
 * @param stale first parts of the keys of what events make old
 * @param concerns left out: every event; `ready` and `reset` always count
 * @returns whether the stream is open: otherwise pages have to poll
 */
export function useLive(stale: readonly string[], concerns?: (event: LiveEvent) => boolean): boolean {
  const projectId = useMaybeProjectId();
  const queries = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const latest = useRef({ stale, concerns });
  latest.current = { stale, concerns };
  useEffect(() => {
    if (projectId === undefined) return undefined;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const close = () => {
      clearTimeout(timer);
      source?.close();
      source = undefined;
      setIsOpen(false);
    };
    const hear = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as LiveEvent;
      setIsOpen(true);
      const isWhole = event.type === 'ready' || event.type === 'reset';
      if (!isWhole && latest.current.concerns?.(event) === false) return;
      for (const part of latest.current.stale)
        void queries.invalidateQueries({ queryKey: [projectId, part] });
    };
    const open = () => {
      close();
      if (document.visibilityState === 'hidden') return;
      const stream = new EventSource(`/v1/projects/${projectId}/live`);
      source = stream;
      for (const kind of kinds) stream.addEventListener(kind, hear);
      stream.onerror = () => {
        setIsOpen(false);
        // The browser comes back by itself after a broken stream, not after a refusal.
        if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
      };
    };
    open();
    document.addEventListener('visibilitychange', open);
    return () => {
      document.removeEventListener('visibilitychange', open);
      close();
    };
  }, [projectId, queries]);
  return isOpen;
}
