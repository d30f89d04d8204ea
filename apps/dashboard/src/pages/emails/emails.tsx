import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { Select } from '../../ui/field';
import { Empty, PageHead, Table } from '../../ui/layout';
import { Pager, usePages } from '../../ui/pager';
import { Loaded, Status } from '../../ui/state';
import { Time } from '../../ui/time';

const statuses = [
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'delivery_delayed',
  'bounced',
  'complained',
  'suppressed',
  'failed',
  'canceled',
  'expired',
  'uncertain',
] as const;

export function Emails() {
  const projectId = useProjectId();
  const [status, setStatus] = useState<(typeof statuses)[number]>();
  const pages = usePages();
  const emails = useApiQuery(
    ['emails', status, pages.after],
    (api) =>
      api.GET('/emails', {
        params: {
          query: {
            limit: 25,
            ...(pages.after !== undefined && { after: pages.after }),
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
      <Loaded query={emails} what="the emails">
        {(list) =>
          list.data.length === 0 ? (
            <Empty
              title={status === undefined ? 'No email yet' : `No email is ${status.replaceAll('_', ' ')}`}
            >
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
          ) : (
            <>
              <Table label="Emails" columns={['Subject', 'To', 'Status', 'Accepted']}>
                {list.data.map((email) => (
                  <tr key={email.id}>
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
                  </tr>
                ))}
              </Table>
              <Pager pages={pages} list={list} />
            </>
          )
        }
      </Loaded>
    </>
  );
}
