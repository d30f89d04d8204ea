import { useState } from 'react';
import { useApiMutation, useApiQuery } from '../../api/hooks';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { CodeBlock } from '../../ui/copy';
import { Card, Empty, Table } from '../../ui/layout';
import { Pager, usePages } from '../../ui/pager';
import { Loaded, Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';

/** The messages of a webhook; one of them open with its attempts. */
export function Messages({ webhookId }: { webhookId: string }) {
  const pages = usePages();
  const [open, setOpen] = useState<string>();
  const events = useApiQuery(
    ['webhook-events', webhookId, pages.after],
    (api) =>
      api.GET('/webhooks/{id}/events', {
        params: {
          path: { id: webhookId },
          query: { limit: 20, ...(pages.after !== undefined && { after: pages.after }) },
        },
      }),
    { refetchEvery: () => (pages.isFirst ? 3_000 : false) },
  );
  return (
    <Card title="Messages">
      <Loaded query={events} what="the messages">
        {(list) =>
          list.data.length === 0 ? (
            <Empty title="Nothing to tell yet">
              Use “Send a test” to see whether the address takes a message.
            </Empty>
          ) : (
            <>
              <Table label="Messages" columns={['Event', 'Status', 'Made', 'Actions']}>
                {list.data.map((event) => (
                  <tr key={event.id}>
                    <td className="font-medium">{event.type}</td>
                    <td>
                      <Status of={event.status} />
                    </td>
                    <td>
                      <Time at={event.created_at} isRelative />
                    </td>
                    <td>
                      <Button
                        aria-label={`Attempts of ${event.type}`}
                        aria-expanded={open === event.id}
                        onClick={() => setOpen(open === event.id ? undefined : event.id)}
                      >
                        Attempts
                      </Button>
                    </td>
                  </tr>
                ))}
              </Table>
              <Pager pages={pages} list={list} />
            </>
          )
        }
      </Loaded>
      {open !== undefined && <Message webhookId={webhookId} eventId={open} />}
    </Card>
  );
}

function Message({ webhookId, eventId }: { webhookId: string; eventId: string }) {
  const path = { params: { path: { id: webhookId, eventId } } };
  const event = useApiQuery(['webhook-event', eventId], (api) =>
    api.GET('/webhooks/{id}/events/{eventId}', path),
  );
  const attempts = useApiQuery(
    ['webhook-attempts', eventId],
    (api) => api.GET('/webhooks/{id}/events/{eventId}/attempts', path),
    { refetchEvery: () => 3_000 },
  );
  const replay = useApiMutation(
    (api) => api.POST('/webhooks/{id}/events/{eventId}/replay', path),
    ['webhook-events', 'webhook-attempts'],
  );
  return (
    <div className="mt-5 flex flex-col gap-4 border-t border-line pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold">{event.data?.type ?? 'Message'}</h3>
        <Allowed to="manage">
          <Button busy={replay.isPending && 'Queueing…'} onClick={() => replay.mutate(undefined)}>
            Send again
          </Button>
        </Allowed>
      </div>
      <Problem error={replay.error} />
      <Loaded query={attempts} what="the attempts">
        {({ data }) =>
          data.length === 0 ? (
            <p className="text-muted">No attempt yet.</p>
          ) : (
            <Table label="Attempts" columns={['When', 'Answer', 'Took', 'Said']}>
              {data.map((attempt) => (
                <tr key={attempt.id}>
                  <td>
                    <Time at={attempt.sent_at} />
                  </td>
                  <td>{attempt.http_status_code ?? 'none'}</td>
                  <td className="whitespace-nowrap">{attempt.duration_ms} ms</td>
                  <td className="max-w-xs break-words">{attempt.error ?? attempt.response ?? ''}</td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {event.data !== undefined && (
        <CodeBlock label="payload" code={JSON.stringify(event.data.payload, null, 2)} />
      )}
    </div>
  );
}
