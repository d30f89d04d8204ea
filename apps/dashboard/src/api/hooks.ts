import { useMutation, useQuery, useQueryClient, type Query } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { apiOf, unwrap, type Api, type ApiError } from './client';

type Ask<T> = (api: Api) => Promise<{ data?: T; error?: unknown; response: Response }>;

interface QuerySettings<T> {
  /** Milliseconds until it is asked again; false is never. */
  refetchEvery?: (data: T | undefined) => number | false;
  isEnabled?: boolean;
}

/** The project of the page's address; undefined outside of one. */
export function useMaybeProjectId(): string | undefined {
  const { projectId } = useParams({ strict: false });
  return projectId;
}

/** @throws Error outside of a project's pages */
export function useProjectId(): string {
  const id = useMaybeProjectId();
  if (id === undefined) throw new Error('a page outside of a project asked for it');
  return id;
}

/** One reading call of the API, in the project of the page's address. */
export function useApiQuery<T>(key: readonly unknown[], ask: Ask<T>, settings: QuerySettings<T> = {}) {
  const projectId = useMaybeProjectId();
  const { refetchEvery, isEnabled } = settings;
  return useQuery<T, ApiError>({
    queryKey: [projectId, ...key],
    queryFn: () => unwrap(ask(apiOf(projectId))),
    enabled: isEnabled ?? true,
    ...(refetchEvery !== undefined && {
      refetchInterval: (query: Query<T, ApiError>) => refetchEvery(query.state.data),
    }),
  });
}

/**
 * One changing call of the API.
 *
 * @param stale first parts of the keys of what the change makes old
 */
export function useApiMutation<V, T>(
  ask: (api: Api, variables: V) => Promise<{ data?: T; error?: unknown; response: Response }>,
  stale: readonly string[],
  onSuccess?: (data: T, variables: V) => void,
) {
  const projectId = useMaybeProjectId();
  const queries = useQueryClient();
  return useMutation<T, ApiError, V>({
    mutationFn: (variables) => unwrap(ask(apiOf(projectId), variables)),
    onSuccess: async (data, variables) => {
      onSuccess?.(data, variables);
      await Promise.all(stale.map((part) => queries.invalidateQueries({ queryKey: [projectId, part] })));
    },
  });
}
