import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { apiOf, ApiError, unwrap, type Schemas } from './client';
import { useMaybeProjectId } from './hooks';
import { selectedOrganization, selectOrganization } from './organization';

type Me = Schemas['Me'];

/** The signed-in person, and what they may do: in the organization of the page's project, else in the one that they look at. */
export function useMe() {
  const projectId = useMaybeProjectId();
  return useQuery<Me, ApiError>({
    queryKey: ['me', projectId],
    queryFn: () => readMe(projectId),
    staleTime: 60_000,
  });
}

async function readMe(projectId: string | undefined): Promise<Me> {
  const ask = (project: string | undefined) => unwrap(apiOf(project).GET('/v1/me'));
  try {
    return await ask(projectId);
  } catch (error) {
    const isGone = error instanceof ApiError && error.status === 404;
    // A project that is not theirs: the page itself says so. An organization that they left, or that was deleted: back to the first.
    if (isGone && projectId !== undefined) return readMe(undefined);
    if (!isGone || selectedOrganization() === undefined) throw error;
    selectOrganization(undefined);
    return ask(undefined);
  }
}

/** Makes another organization the one that the pages are about. @returns a function of its id */
export function useSelectOrganization(): (id: string | undefined) => void {
  const queries = useQueryClient();
  return useCallback(
    (id) => {
      if (!selectOrganization(id)) return;
      // What pages outside of a project show is about the organization; what is open is asked for again.
      void queries.resetQueries({
        predicate: ({ queryKey: [first, second] }) =>
          first === undefined || (first === 'me' && second === undefined),
      });
    },
    [queries],
  );
}

export type Ability = keyof Schemas['Me']['may'];

/** Whether the signed-in person may do something, by the policy that the API decides by. False until it is known. */
export function useMay(ability: Ability): boolean {
  return useMe().data?.may[ability] === true;
}

/** @throws Error before the frame of the page has loaded who is signed in */
export function useOrganizationId(): string {
  const id = useMe().data?.organization_id;
  if (id === undefined || id === null) throw new Error('You are in no organization. Ask for an invitation.');
  return id;
}
