import { useState } from 'react';
import type { Schemas } from '../api/client';
import { useApiMutation, useApiQuery } from '../api/hooks';
import { Button } from '../ui/button';
import { Card, Empty } from '../ui/layout';
import { Listing } from '../ui/listing';
import { NewKeyForm, RevokeKey } from '../ui/new-key';
import { Time } from '../ui/time';

type Key = Schemas['OrganizationKeyList']['data'][number];
const roles: Readonly<Record<Key['role'], string>> = {
  viewer: 'Viewer: reads projects, members and the audit log',
  developer: 'Developer: manages connections and keys of projects as well',
  admin: 'Admin: makes and deletes projects as well',
};
const stale = ['organization-keys'];

/** Keys for programs that manage the organization, such as Terraform. */
export function OrganizationKeys({ organizationId }: { organizationId: string }) {
  const [revoking, setRevoking] = useState<Key>();
  const keys = useApiQuery(['organization-keys'], (api) =>
    api.GET('/v1/organizations/{id}/api-keys', { params: { path: { id: organizationId } } }),
  );
  return (
    <Card title="Organization keys">
      <div className="flex flex-col gap-5">
        <p className="text-muted">
          Programs manage the projects with such a key. It sends no mail, changes no members and makes no
          further organization keys. It never may more than who made it, and ends when they go.
        </p>
        <NewKey organizationId={organizationId} />
        <Listing
          query={keys}
          what="the keys"
          label="Organization keys"
          columns={['Name', 'Role', 'Made', 'Last used', 'Actions']}
          empty={
            <Empty title="No key yet">Make one above for a program that manages this organization.</Empty>
          }
          row={(key) => (
            <>
              <td className="font-medium">{key.name}</td>
              <td>
                {key.role}
                {key.effective_role !== key.role && `, now ${key.effective_role ?? 'nothing'}`}
              </td>
              <td>
                <Time at={key.created_at} isRelative /> by {key.created_by?.name ?? 'the operator'}
              </td>
              <td>{key.last_used_at === null ? 'never' : <Time at={key.last_used_at} isRelative />}</td>
              <td>
                <Button kind="danger" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
                  Revoke
                </Button>
              </td>
            </>
          )}
        />
      </div>
      {revoking !== undefined && (
        <Revoke
          organizationId={organizationId}
          organizationKey={revoking}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Card>
  );
}

function NewKey({ organizationId }: { organizationId: string }) {
  const make = useApiMutation(
    (api, { name, right }: { name: string; right: Key['role'] }) =>
      api.POST('/v1/organizations/{id}/api-keys', {
        params: { path: { id: organizationId } },
        body: { name, role: right },
      }),
    stale,
  );
  const labels = { name: 'Name of the key', example: 'terraform', right: 'Role of the key' };
  return <NewKeyForm labels={labels} rights={roles} first="developer" make={make} />;
}

function Revoke({
  organizationId,
  organizationKey,
  onClose,
}: {
  organizationId: string;
  organizationKey: Key;
  onClose: () => void;
}) {
  const revoke = useApiMutation(
    (api) =>
      api.DELETE('/v1/organizations/{id}/api-keys/{keyId}', {
        params: { path: { id: organizationId, keyId: organizationKey.id } },
      }),
    stale,
    onClose,
  );
  return <RevokeKey name={organizationKey.name} revoke={revoke} onClose={onClose} />;
}
