import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Button } from '../../ui/button';
import { Input } from '../../ui/field';
import { Problem } from '../../ui/state';

const resendable = ['failed', 'uncertain', 'expired'];
const stale = ['email', 'emails'];

/** What can be done about an email in its present state. */
export function EmailActions({ email }: { email: Schemas['Email'] }) {
  const mayManage = useMay('manage');
  const path = { params: { path: { id: email.id } } };
  const resend = useApiMutation((api) => api.POST('/emails/{id}/resend', path), stale);
  const cancel = useApiMutation((api) => api.POST('/emails/{id}/cancel', path), stale);
  if (!mayManage) return null;
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex flex-wrap items-end gap-2">
        {resendable.includes(email.status) && (
          <Button busy={resend.isPending && 'Queueing…'} onClick={() => resend.mutate(undefined)}>
            Send again
          </Button>
        )}
        {email.status === 'scheduled' && (
          <>
            <Reschedule email={email} />
            <Button
              kind="danger"
              busy={cancel.isPending && 'Canceling…'}
              onClick={() => cancel.mutate(undefined)}
            >
              Cancel
            </Button>
          </>
        )}
      </div>
      <Problem error={resend.error ?? cancel.error} />
    </div>
  );
}

function Reschedule({ email }: { email: Schemas['Email'] }) {
  const [when, setWhen] = useState('');
  const save = useApiMutation(
    (api) =>
      api.PATCH('/emails/{id}', {
        params: { path: { id: email.id } },
        body: { scheduled_at: new Date(when).toISOString() },
      }),
    stale,
  );
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <Input
        label="Another time"
        type="datetime-local"
        required
        value={when}
        onChange={(event) => setWhen(event.target.value)}
        problem={save.error?.message}
      />
      <Button type="submit" busy={save.isPending && 'Saving…'}>
        Reschedule
      </Button>
    </form>
  );
}
