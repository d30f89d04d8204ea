import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { useLive } from '../../api/live';
import { Empty, PageHead } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { SearchPager } from '../../ui/search-list';
import { Status } from '../../ui/state';
import { Time } from '../../ui/time';
import { EmailFilters } from './email-filters';
import type { EmailSearch } from './search';

const PAGE = 25;

export function Emails() {
  const projectId = useProjectId();
  const search = useSearch({ from: '/inside/projects/$projectId/emails' });
  const navigate = useNavigate();
  const go = (to: EmailSearch) =>
    void navigate({ to: '/projects/$projectId/emails', params: { projectId }, search: to });
  const { after, ...filters } = search;
  const isNewest = after === undefined;
  const isLive = useLive(isNewest ? ['emails'] : [], ({ type }) => type === 'email.status');
  const emails = useApiQuery(
    ['emails', search],
    (api) => api.GET('/emails', { params: { query: { limit: PAGE, ...search } } }),
    { refetchEvery: () => (!isNewest ? false : isLive ? 15_000 : 5_000) },
  );
  return (
    <>
      <PageHead title="Emails" about="What this project was asked to send, newest first." />
      <EmailFilters search={search} onSearch={go} />
      <Listing
        query={emails}
        what="the emails"
        label="Emails"
        columns={['Subject', 'To', 'Status', 'Accepted']}
        empty={Object.keys(filters).length === 0 && isNewest ? <NoEmail /> : <NoMatch />}
        row={(email) => (
          <>
            <td className="max-w-xs">
              <Link
                to="/projects/$projectId/emails/$emailId"
                params={{ projectId, emailId: email.id }}
                className="block truncate font-medium text-accent underline"
              >
                {email.subject === '' ? '(no subject)' : email.subject}
              </Link>
            </td>
            <td className="max-w-56 truncate">
              {email.to[0]}
              {email.to.length > 1 && ` and ${email.to.length - 1} more`}
            </td>
            <td>
              <Status of={email.status} />
            </td>
            <td>
              <Time at={email.created_at} isRelative />
            </td>
          </>
        )}
      />
      {emails.data !== undefined && (
        <SearchPager
          list={emails.data}
          after={after}
          onGo={(next) => go({ ...filters, ...(next !== undefined && { after: next }) })}
        />
      )}
    </>
  );
}

function NoMatch() {
  return (
    <Empty title="No email matches">Texts are found in any case, and as a part of what is written.</Empty>
  );
}

function NoEmail() {
  const projectId = useProjectId();
  return (
    <Empty title="No email yet">
      Send a test mail from a{' '}
      <Link to="/projects/$projectId/connections" params={{ projectId }} className="text-accent underline">
        connection
      </Link>
      , or make an{' '}
      <Link to="/projects/$projectId/api-keys" params={{ projectId }} className="text-accent underline">
        API key
      </Link>{' '}
      and send from your program.
    </Empty>
  );
}
