import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Problem } from '../../ui/state';

const stale = ['connection', 'connections', 'kit', 'sessions'];

export function Actions({ connection }: { connection: Schemas['Connection'] }) {
  const mayManage = useMay('manage');
  const [asked, setAsked] = useState<'rotate' | 'disconnect'>();
  const path = { params: { path: { id: connection.id } } };
  const close = () => setAsked(undefined);
  const pause = useApiMutation(
    (api, paused: boolean) => api.PATCH('/v1/connections/{id}', { ...path, body: { paused } }),
    stale,
  );
  const rotate = useApiMutation(
    (api) => api.POST('/v1/connections/{id}/rotate-external-id', path),
    stale,
    close,
  );
  const disconnect = useApiMutation((api) => api.DELETE('/v1/connections/{id}', path), stale, close);
  if (!mayManage) return null;
  return (
    <>
      {connection.verified_at !== null && (
        <>
          <Button busy={pause.isPending && 'Saving…'} onClick={() => pause.mutate(!connection.paused)}>
            {connection.paused ? 'Resume' : 'Pause'}
          </Button>
          {connection.pending_external_id === null && (
            <Button onClick={() => setAsked('rotate')}>New external ID</Button>
          )}
        </>
      )}
      <Button kind="danger" onClick={() => setAsked('disconnect')}>
        Disconnect
      </Button>
      <Problem error={pause.error} />
      {asked === 'rotate' && (
        <Confirm
          title="Introduce a new external ID?"
          action="Make a new one"
          busy={rotate.isPending && 'Making it…'}
          onConfirm={() => rotate.mutate(undefined)}
          onClose={close}
        >
          <p>
            Mail goes on. List both IDs in the role’s trust policy; when the new one is proven, the old one
            must be taken out.
          </p>
          <Problem error={rotate.error} />
        </Confirm>
      )}
      {asked === 'disconnect' && (
        <Confirm
          title={`Disconnect ${connection.name}?`}
          action="Disconnect"
          busy={disconnect.isPending && 'Disconnecting…'}
          onConfirm={() => disconnect.mutate(undefined)}
          onClose={close}
        >
          <p>
            Its credentials are deleted everywhere at once, and mail that still waits is not sent. This cannot
            be undone.
          </p>
          <Problem error={disconnect.error} />
        </Confirm>
      )}
    </>
  );
}
