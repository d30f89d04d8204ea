import { useQuery } from '@tanstack/react-query';
import { ApiError, toApiError } from './client';

export interface Me {
  user: { id: string; name: string; email: string };
}

/** The signed-in person. */
export function useMe() {
  return useQuery<Me, ApiError>({
    queryKey: ['me'],
    queryFn: async () => {
      const response = await fetch('/v1/me', { credentials: 'same-origin' });
      const body: unknown = await response.json().catch(() => undefined);
      if (!response.ok) throw toApiError(response.status, body);
      return body as Me;
    },
    staleTime: 60_000,
  });
}
