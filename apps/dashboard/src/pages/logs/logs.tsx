import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { Empty, PageHead } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { SearchPager } from '../../ui/search-list';
import { Time } from '../../ui/time';
import { LogFilters } from './log-filters';
import { AnswerStatus } from './answer-status';
import type { LogSearch } from './search';

const PAGE = 25;

/** The requests that programs have made with keys of the project. */
export function Logs() {
  const projectId = useProjectId();
  const search = useSearch({ from: '/inside/projects/$projectId/logs' });
  const navigate = useNavigate();
  const go = (to: LogSearch) =>
    void navigate({ to: '/projects/$projectId/logs', params: { projectId }, search: to });
  const { after, ...filters } = search;
  const logs = useApiQuery(
    ['logs', search],
    (api) => api.GET('/logs', { params: { query: { limit: PAGE, ...search } } }),
    { refetchEvery: () => (after === undefined ? 10_000 : false) },
  );
  const keys = useApiQuery(['api-keys'], (api) =>
    api.GET('/v1/projects/{id}/api-keys', { params: { path: { id: projectId } } }),
  );
  const known = keys.data?.data ?? [];
  const isSearch = Object.keys(filters).length > 0 || after !== undefined;
  return (
    <>
      <PageHead title="Logs" about="Requests made with API keys of this project, newest first." />
      <LogFilters search={search} keys={known} onSearch={go} />
      <Listing
        query={logs}
        what="the logs"
        label="Logs"
        columns={['Request', 'Status', 'API key', 'Client', 'When']}
        empty={
          <Empty title={isSearch ? 'No request matches' : 'No request yet'}>
            {isSearch
              ? 'The path is found as a part of what is written.'
              : 'What programs ask with an API key of this project shows here.'}
          </Empty>
        }
        row={(log) => (
          <>
            <td className="max-w-xs">
              <Link
                to="/projects/$projectId/logs/$logId"
                params={{ projectId, logId: log.id }}
                className="block truncate font-medium text-accent underline"
              >
                {log.method} {log.endpoint}
              </Link>
            </td>
            <td>
              <AnswerStatus of={log.response_status} />
            </td>
            <td className="max-w-40 truncate">
              {known.find(({ id }) => id === log.api_key_id)?.name ?? '–'}
            </td>
            <td className="max-w-48 truncate">{log.user_agent ?? '–'}</td>
            <td>
              <Time at={log.created_at} isRelative />
            </td>
          </>
        )}
      />
      {logs.data !== undefined && (
        <SearchPager
          list={logs.data}
          after={after}
          onGo={(next) => go({ ...filters, ...(next !== undefined && { after: next }) })}
        />
      )}
    </>
  );
}
