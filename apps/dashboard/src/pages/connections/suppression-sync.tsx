import type { Schemas } from '../../api/client';
import { useApiMutation, useApiQuery } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Select } from '../../ui/field';
import { Card, Facts } from '../../ui/layout';
import { Loaded, Notice, Problem } from '../../ui/state';
import { Time } from '../../ui/time';

type Sync = Schemas['SuppressionSync'];
const modes: Readonly<Record<Sync['mode'], string>> = {
  off: 'Off',
  import: 'Import: take over what the SES account lists',
  both: 'Both ways: also put there what this project suppresses, and delete what it allows again',
};

/** The account-level suppression list of the SES account, and the project's. */
export function SuppressionSyncCard({ connection }: { connection: Schemas['Connection'] }) {
  const path = { params: { path: { id: connection.id } } };
  const query = useApiQuery(
    ['suppression-sync', connection.id],
    (api) => api.GET('/v1/connections/{id}/suppression-sync', path),
    { refetchEvery: (sync) => (sync === undefined || sync.mode === 'off' ? false : 5_000) },
  );
  return (
    <Card title="Suppression list of the SES account">
      <Loaded query={query} what="the suppression sync">
        {(sync) => <Present sync={sync} />}
      </Loaded>
    </Card>
  );
}

function Present({ sync }: { sync: Sync }) {
  const mayManage = useMay('manage');
  const set = useApiMutation(
    (api, mode: Sync['mode']) =>
      api.PUT('/v1/connections/{id}/suppression-sync', {
        params: { path: { id: sync.connection_id } },
        body: { mode },
      }),
    ['suppression-sync', 'suppressions'],
  );
  return (
    <div className="flex flex-col gap-4">
      <Select
        label="Sync with the account-level suppression list"
        hint="Import needs the rights of “analytics” in the kit, both ways those of “configure”."
        disabled={!mayManage || set.isPending}
        value={set.isPending ? set.variables : sync.mode}
        onChange={(event) => set.mutate(event.target.value as Sync['mode'])}
      >
        {Object.entries(modes).map(([mode, text]) => (
          <option key={mode} value={mode}>
            {text}
          </option>
        ))}
      </Select>
      {sync.problem !== null && (
        <Notice tone="warn">
          <p className="font-medium">{sync.problem.detail}</p>
          {sync.problem.remedy !== null && (
            <pre className="mt-2 overflow-x-auto text-xs whitespace-pre-wrap">{sync.problem.remedy}</pre>
          )}
        </Notice>
      )}
      {sync.mode !== 'off' && (
        <Facts
          facts={{
            'Last synced': sync.synced_at === null ? 'not yet' : <Time at={sync.synced_at} isRelative />,
            Imported: sync.imported.toLocaleString(),
            ...(sync.mode === 'both' && {
              'Put and deleted': `${sync.put.toLocaleString()} and ${sync.deleted.toLocaleString()}`,
              Waiting: sync.pending.toLocaleString(),
            }),
            'Refused by SES': sync.refused === 0 ? undefined : sync.refused.toLocaleString(),
            'SES suppresses for': sync.suppressed_reasons?.join(', ').toLowerCase() ?? undefined,
          }}
        />
      )}
      <Problem error={set.error} />
      {sync.mode !== 'off' && (
        <Allowed to="manage" what="sync now">
          <Button
            className="self-start"
            busy={set.isPending && 'Asking…'}
            onClick={() => set.mutate(sync.mode)}
          >
            Sync now
          </Button>
        </Allowed>
      )}
    </div>
  );
}
