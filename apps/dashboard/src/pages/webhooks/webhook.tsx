import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { CopyLine } from '../../ui/copy';
import { Card, Facts, PageHead } from '../../ui/layout';
import { Loaded, Notice, Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';
import { Messages } from './messages';

export function WebhookPage() {
  const { webhookId } = useParams({ from: '/inside/projects/$projectId/webhooks/$webhookId' });
  const query = useApiQuery(['webhook', webhookId], (api) =>
    api.GET('/webhooks/{id}', { params: { path: { id: webhookId } } }),
  );
  return (
    <Loaded query={query} what="the webhook">
      {(webhook) => (
        <>
          <PageHead
            title={webhook.endpoint}
            about={<Status of={webhook.status} />}
            actions={
              <Allowed to="manage">
                <Actions webhook={webhook} />
              </Allowed>
            }
          />
          <div className="flex flex-col gap-5">
            {webhook.disabled_reason !== null && <Notice tone="warn">{webhook.disabled_reason}</Notice>}
            {webhook.failing_since !== null && (
              <Notice tone="warn">
                It has refused everything since <Time at={webhook.failing_since} />.
              </Notice>
            )}
            <Card
              title="Signing secret"
              actions={
                <Allowed to="manage">
                  <Rotate webhook={webhook} />
                </Allowed>
              }
            >
              {webhook.signing_secret === null ? (
                'Developers and above may see it.'
              ) : (
                <CopyLine label="the signing secret" value={webhook.signing_secret} />
              )}
              <p className="mt-2 text-sm text-muted">
                Every message is signed as Standard Webhooks (svix) has it: check the signature before you
                believe one.
                {webhook.previous_secret_valid_until !== null && (
                  <>
                    {' '}
                    The old secret signs as well until <Time at={webhook.previous_secret_valid_until} />.
                  </>
                )}
              </p>
            </Card>
            <Messages webhookId={webhook.id} />
            <Card title="Details">
              <Facts facts={{ Events: webhook.events.join(', '), Added: <Time at={webhook.created_at} /> }} />
            </Card>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Rotate({ webhook }: { webhook: Schemas['Webhook'] }) {
  const rotate = useApiMutation(
    (api) => api.POST('/webhooks/{id}/signing-secret/rotate', { params: { path: { id: webhook.id } } }),
    ['webhook'],
  );
  return (
    <>
      <Button busy={rotate.isPending && 'Making a new one…'} onClick={() => rotate.mutate(undefined)}>
        Rotate
      </Button>
      <Problem error={rotate.error} />
    </>
  );
}

function Actions({ webhook }: { webhook: Schemas['Webhook'] }) {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [isAsked, setIsAsked] = useState(false);
  const path = { params: { path: { id: webhook.id } } };
  const test = useApiMutation((api) => api.POST('/webhooks/{id}/test', path), ['webhook-events']);
  const toggle = useApiMutation(
    (api) =>
      api.PATCH('/webhooks/{id}', {
        ...path,
        body: { status: webhook.status === 'enabled' ? 'disabled' : 'enabled' },
      }),
    ['webhook', 'webhooks'],
  );
  const remove = useApiMutation(
    (api) => api.DELETE('/webhooks/{id}', path),
    ['webhooks'],
    () => void navigate({ to: '/projects/$projectId/webhooks', params: { projectId } }),
  );
  return (
    <>
      {webhook.status === 'enabled' && (
        <Button busy={test.isPending && 'Queueing…'} onClick={() => test.mutate(undefined)}>
          Send a test
        </Button>
      )}
      <Button busy={toggle.isPending && 'Saving…'} onClick={() => toggle.mutate(undefined)}>
        {webhook.status === 'enabled' ? 'Disable' : 'Enable'}
      </Button>
      <Button kind="danger" onClick={() => setIsAsked(true)}>
        Delete
      </Button>
      <Problem error={test.error ?? toggle.error} />
      {isAsked && (
        <Confirm
          title="Delete this webhook?"
          action="Delete"
          busy={remove.isPending && 'Deleting…'}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setIsAsked(false)}
        >
          <p>Messages that still wait for it are not sent.</p>
          <Problem error={remove.error} />
        </Confirm>
      )}
    </>
  );
}
