import type { Schemas } from '../../api/client';
import { useApiQuery } from '../../api/hooks';
import { Card, Facts, Table } from '../../ui/layout';
import { Loaded } from '../../ui/state';
import { duration, Time } from '../../ui/time';
import { SessionDuration } from './session-duration';

/** Temporary credentials that exist now. Their secrets never leave the workers. */
export function Sessions({ connection }: { connection: Schemas['Connection'] }) {
  const sessions = useApiQuery(
    ['sessions', connection.id],
    (api) => api.GET('/v1/connections/{id}/sessions', { params: { path: { id: connection.id } } }),
    { refetchEvery: () => 15_000 },
  );
  const { requested_seconds, granted_seconds, reason } = connection.session_duration;
  return (
    <Card title="Sessions">
      <div className="flex flex-col gap-4">
        <Facts
          facts={{
            Requested: duration(requested_seconds),
            Granted: granted_seconds === null ? 'not known yet' : duration(granted_seconds),
            Why: reason ?? undefined,
          }}
        />
        <Loaded query={sessions} what="the sessions">
          {(list) =>
            list.length === 0 ? (
              <p className="text-sm text-muted">
                No session is open: one is opened when there is mail to send.
              </p>
            ) : (
              <Table label="Sessions" columns={['For', 'Opened', 'Ends', 'Lasts']}>
                {list.map((session) => (
                  <tr key={session.purpose}>
                    <td>{session.purpose}</td>
                    <td>
                      <Time at={session.refreshed_at} isRelative />
                    </td>
                    <td>
                      <Time at={session.expires_at} isRelative />
                    </td>
                    <td className="whitespace-nowrap">{duration(session.granted_seconds)}</td>
                  </tr>
                ))}
              </Table>
            )
          }
        </Loaded>
        <SessionDuration key={requested_seconds} connection={connection} />
        <p className="text-sm text-muted">
          A session in use is renewed in the background before it ends; an unused one is left to end.
        </p>
      </div>
    </Card>
  );
}
