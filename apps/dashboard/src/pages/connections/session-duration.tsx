import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation } from '../../api/hooks';
import { Allowed } from '../../ui/allowed';
import { Input } from '../../ui/field';
import { Save } from '../../ui/save';
import { Notice } from '../../ui/state';
import { duration } from '../../ui/time';
import { CHAINED_SECONDS, isChained } from './role-chaining';

/** STS API reference, AssumeRole, DurationSeconds. */
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;

/** For how long a session of the role is asked for. */
export function SessionDuration({ connection }: { connection: Schemas['Connection'] }) {
  const stored = String(connection.session_duration.requested_seconds);
  const [seconds, setSeconds] = useState(stored);
  const save = useApiMutation(
    (api) =>
      api.PATCH('/v1/connections/{id}', {
        params: { path: { id: connection.id } },
        body: { session_duration_seconds: Number(seconds) },
      }),
    ['connection', 'connections', 'sessions'],
  );
  const words = /^\d+$/.test(seconds) ? ` ${seconds} s is ${duration(Number(seconds))}.` : '';
  return (
    <Allowed to="manage">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <Input
          label="Session duration, in seconds"
          type="number"
          min={SHORTEST_SECONDS}
          max={LONGEST_SECONDS}
          step={1}
          required
          hint={`From 900 to 43 200, up to the MaxSessionDuration of the role.${words}`}
          value={seconds}
          onChange={(event) => setSeconds(event.target.value)}
          problem={save.error?.field === 'session_duration_seconds' ? save.error.message : undefined}
        />
        {isChained(connection) && (
          <Notice tone={Number(seconds) > CHAINED_SECONDS ? 'warn' : 'plain'}>
            Sesame runs on a role session itself, and AWS limits role chaining to 3 600 seconds: a longer
            duration is requested, and 3 600 seconds are granted.
          </Notice>
        )}
        <Save
          save={save}
          isChanged={seconds !== stored}
          field="session_duration_seconds"
          text="Save the duration"
        />
      </form>
    </Allowed>
  );
}
