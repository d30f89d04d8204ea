import { useQuery } from '@tanstack/react-query';
import { apiOf, unwrap, type ApiError, type Schemas } from './client';

/** The signed-in person, and what they may do in their organization. */
export function useMe() {
  return useQuery<Schemas['Me'], ApiError>({
    queryKey: ['me'],
    queryFn: () => unwrap(apiOf(undefined).GET('/v1/me')),
    staleTime: 60_000,
  });
}

/** @throws Error before the frame of the page has loaded who is signed in */
export function useOrganizationId(): string {
  const id = useMe().data?.organization_id;
  if (id === undefined || id === null) throw new Error('You are in no organization. Ask for an invitation.');
  return id;
}
