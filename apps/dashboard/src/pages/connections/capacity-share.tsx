import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation } from '../../api/hooks';
import { Allowed } from '../../ui/allowed';
import { Input } from '../../ui/field';
import { Save } from '../../ui/save';

/** How much of the SES account's rate and quota this connection may use; other software sends from it as well. */
export function CapacityShare({ connection }: { connection: Schemas['Connection'] }) {
  const stored = String(Math.round(connection.capacity_share * 100));
  const [percent, setPercent] = useState(stored);
  const save = useApiMutation(
    (api) =>
      api.PATCH('/v1/connections/{id}', {
        params: { path: { id: connection.id } },
        body: { capacity_share: Number(percent) / 100 },
      }),
    ['connection', 'connections', 'capacity'],
  );
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
          label="Capacity share, in percent"
          type="number"
          min={5}
          max={100}
          step={1}
          required
          hint="Of the SES account’s send rate and 24-hour quota. What is left over is for other software that sends from the same account."
          value={percent}
          onChange={(event) => setPercent(event.target.value)}
          problem={save.error?.field === 'capacity_share' ? save.error.message : undefined}
        />
        <Save save={save} isChanged={percent !== stored} field="capacity_share" text="Save the share" />
      </form>
    </Allowed>
  );
}
