import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { paths } from '../../api/schema';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { Select } from '../../ui/field';
import { Empty, PageHead } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { usePages } from '../../ui/pager';
import { Status } from '../../ui/state';
import { Time } from '../../ui/time';

type EmailStatus = NonNullable<NonNullable<paths['/emails']['get']['parameters']['query']>['status']>;
/** Every status there is, in the order of an email's life: a missing one does not compile. */
const statuses = Object.keys({
  scheduled: true,
  queued: true,
  sending: true,
  sent: true,
  delivered: true,
  delivery_delayed: true,
  bounced: true,
  complained: true,
  suppressed: true,
  failed: true,
  canceled: true,
  expired: true,
  uncertain: true,
} satisfies Record<EmailStatus, true>) as EmailStatus[];

export function Emails() {
  const projectId = useProjectId();
  const [status, setStatus] = useState<EmailStatus>();
  const pages = usePages();
  const emails = useApiQuery(
    ['emails', status, pages.after],
    (api) =>
      api.GET('/emails', {
        params: {
          query: {
            ...pages.query,
            ...(status !== undefined && { status }),
          },
        },
      }),
    { refetchEvery: () => (pages.isFirst ? 5_000 : false) },
  );
  return (
    <>
      <PageHead title="Emails" about="What this project was asked to send, newest first." />
      <div className="mb-4 max-w-60">
        <Select
          label="Status"
          value={status ?? ''}
          onChange={(event) => {
            setStatus(statuses.find((one) => one === event.target.value));
            pages.reset();
          }}
        >
          <option value="">All</option>
          {statuses.map((one) => (
            <option key={one} value={one}>
              {one.replaceAll('_', ' ')}
            </option>
          ))}
        </Select>
      </div>
      <Listing
        query={emails}
        what="the emails"
        label="Emails"
        columns={['Subject', 'To', 'Status', 'Accepted']}
        pages={pages}
        empty={
          <Empty title={status === undefined ? 'No email yet' : `No email is ${status.replaceAll('_', ' ')}`}>
            {status === undefined && (
              <>
                Send a test mail from a{' '}
                <Link
                  to="/projects/$projectId/connections"
                  params={{ projectId }}
                  className="text-accent underline"
                >
                  connection
                </Link>
                , or make an{' '}
                <Link
                  to="/projects/$projectId/api-keys"
                  params={{ projectId }}
                  className="text-accent underline"
                >
                  API key
                </Link>{' '}
                and send from your program.
              </>
            )}
          </Empty>
        }
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
    </>
  );
}
