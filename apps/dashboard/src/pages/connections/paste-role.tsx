import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Input } from '../../ui/field';
import { Card } from '../../ui/layout';
import { Problem } from '../../ui/state';
import { wrongWithRoleArn } from './role-arn';

export function PasteRole({ connection }: { connection: Schemas['Connection'] }) {
  const mayManage = useMay('manage');
  const known = connection.role_arn ?? '';
  const [arn, setArn] = useState(known);
  const wrong = wrongWithRoleArn(arn, connection.region);
  const save = useApiMutation(
    (api, roleArn: string) =>
      api.PATCH('/v1/connections/{id}', {
        params: { path: { id: connection.id } },
        body: { role_arn: roleArn },
      }),
    ['connection', 'connections'],
  );
  const refused = save.error?.field === 'role_arn' && save.variables === arn.trim() ? save.error : null;
  return (
    <Card title={known === '' ? '2 · Paste the ARN of the role' : 'Role'}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong === undefined) save.mutate(arn.trim());
        }}
      >
        <Input
          label="Role ARN"
          className="font-mono text-sm"
          placeholder="arn:aws:iam::123456789012:role/sesame-ses"
          value={arn}
          onChange={(event) => setArn(event.target.value)}
          problem={wrong ?? refused?.message}
          spellCheck={false}
          autoComplete="off"
          required
          readOnly={!mayManage}
        />
        {refused?.remedy !== undefined && <p className="text-sm text-muted">{refused.remedy}</p>}
        <Problem error={refused === null ? save.error : null} />
        {(known === '' || arn.trim() !== known) && (
          <Allowed to="manage" what="connect AWS accounts">
            <Button
              kind="primary"
              type="submit"
              className="self-start"
              disabled={arn.trim() === '' || wrong !== undefined}
              busy={save.isPending && 'Saving the role…'}
            >
              Prove and connect
            </Button>
          </Allowed>
        )}
      </form>
    </Card>
  );
}
