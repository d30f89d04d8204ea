import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client';

/** What to do when the session has ended; the router sets it. */
let onSignedOut: () => void = () => undefined;
export const whenSignedOut = (act: () => void) => (onSignedOut = act);

const noticeEnd = (error: Error) => {
  if (error instanceof ApiError && error.status === 401) onSignedOut();
};

/** A refusal stays one however often it is asked; only what may pass by itself is tried again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 5_000 }, mutations: { retry: false } },
});
