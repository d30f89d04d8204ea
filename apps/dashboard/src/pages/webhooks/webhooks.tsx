import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Input } from '../../ui/field';
import { Card, Empty, PageHead } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { usePages } from '../../ui/pager';
import { Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';
import { eventNames, type EventName } from './event-names';

export function Webhooks() {
  const projectId = useProjectId();
  const mayManage = useMay('manage');
  const pages = usePages();
  const webhooks = useApiQuery(['webhooks', pages.after], (api) =>
    api.GET('/webhooks', {
      params: { query: pages.query },
    }),
  );
  return (
    <>
      <PageHead
        title="Webhooks"
        about="Addresses of yours that are told what happens, signed and repeated until they take it."
      />
      <div className="flex flex-col gap-6">
        <Listing
          query={webhooks}
          what="the webhooks"
          label="Webhooks"
          columns={['Address', 'Events', 'Status', 'Added']}
          pages={pages}
          empty={
            <Empty title="No webhook yet">
              {mayManage
                ? 'Add an address below to be told of deliveries, bounces and more.'
                : 'An address that is told of deliveries, bounces and more would be here.'}
            </Empty>
          }
          row={(webhook) => (
            <>
              <td className="max-w-sm">
                <Link
                  to="/projects/$projectId/webhooks/$webhookId"
                  params={{ projectId, webhookId: webhook.id }}
                  className="block truncate font-medium text-accent underline"
                >
                  {webhook.endpoint}
                </Link>
              </td>
              <td>{webhook.events.length}</td>
              <td>
                <Status of={webhook.failing_since === null ? webhook.status : 'failed'} />
              </td>
              <td>
                <Time at={webhook.created_at} isRelative />
              </td>
            </>
          )}
        />
        <Allowed to="manage" what="add webhooks">
          <NewWebhook />
        </Allowed>
      </div>
    </>
  );
}

function NewWebhook() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [endpoint, setEndpoint] = useState('');
  const [events, setEvents] = useState<ReadonlySet<EventName>>(new Set(eventNames));
  const create = useApiMutation(
    (api) => api.POST('/webhooks', { body: { endpoint, events: [...events] } }),
    ['webhooks'],
    ({ id }) =>
      void navigate({ to: '/projects/$projectId/webhooks/$webhookId', params: { projectId, webhookId: id } }),
  );
  const toggle = (name: EventName) => {
    const next = new Set(events);
    if (!next.delete(name)) next.add(name);
    setEvents(next);
  };
  return (
    <Card title="Add a webhook">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <Input
          label="Address"
          type="url"
          required
          placeholder="https://your-app.com/hooks/sesame"
          value={endpoint}
          onChange={(event) => setEndpoint(event.target.value)}
          problem={create.error?.field === 'endpoint' ? create.error.message : undefined}
        />
        <fieldset>
          <legend className="mb-2 text-sm font-medium">Events</legend>
          <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2 lg:grid-cols-3">
            {eventNames.map((name) => (
              <label key={name} className="flex items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-accent"
                  checked={events.has(name)}
                  onChange={() => toggle(name)}
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <Problem error={create.error} />
        <Button
          kind="primary"
          type="submit"
          disabled={events.size === 0}
          busy={create.isPending && 'Adding…'}
          className="self-start"
        >
          Add webhook
        </Button>
      </form>
    </Card>
  );
}
