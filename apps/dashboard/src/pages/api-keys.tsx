import { useState } from 'react';
import type { Schemas } from '../api/client';
import { useApiMutation, useApiQuery, useProjectId } from '../api/hooks';
import { useMay } from '../api/me';
import { Allowed } from '../ui/allowed';
import { Button } from '../ui/button';
import { Card, Empty, PageHead } from '../ui/layout';
import { Listing } from '../ui/listing';
import { NewKeyForm, RevokeKey } from '../ui/new-key';
import { Time } from '../ui/time';

type Key = Schemas['ApiKeyList']['data'][number];
type Permission = Key['permission'];
const permissions: Readonly<Record<Permission, string>> = {
  sending_access: 'Send only',
  full_access: 'Everything in this project',
};

export function ApiKeys() {
  const projectId = useProjectId();
  const mayManage = useMay('manage');
  const [revoking, setRevoking] = useState<Key>();
  const keys = useApiQuery(['api-keys'], (api) =>
    api.GET('/v1/projects/{id}/api-keys', { params: { path: { id: projectId } } }),
  );
  return (
    <>
      <PageHead
        title="API keys"
        about="Programs use a key of this project, for the HTTP API and as the password for SMTP."
      />
      <div className="flex flex-col gap-6">
        <Allowed to="manage" what="make API keys">
          <NewKey />
        </Allowed>
        <Listing
          query={keys}
          what="the keys"
          label="API keys"
          columns={['Name', 'May', 'Made', 'Last used', ...(mayManage ? ['Actions'] : [])]}
          empty={
            <Empty title="No key yet">
              {mayManage
                ? 'Make one above, and send from your program with it.'
                : 'Programs need one to send.'}
            </Empty>
          }
          row={(key) => (
            <>
              <td className="font-medium">{key.name}</td>
              <td>
                {permissions[key.permission]}
                {key.domain !== null && `, from ${key.domain}`}
              </td>
              <td>
                <Time at={key.created_at} isRelative />
              </td>
              <td>{key.last_used_at === null ? 'never' : <Time at={key.last_used_at} isRelative />}</td>
              {mayManage && (
                <td>
                  <Button kind="danger" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
                    Revoke
                  </Button>
                </td>
              )}
            </>
          )}
        />
      </div>
      {revoking !== undefined && <Revoke apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}

function NewKey() {
  const projectId = useProjectId();
  const make = useApiMutation(
    (api, { name, right }: { name: string; right: Permission }) =>
      api.POST('/v1/projects/{id}/api-keys', {
        params: { path: { id: projectId } },
        body: { name, permission: right },
      }),
    ['api-keys'],
  );
  const labels = { name: 'Name', example: 'production', right: 'May' };
  return (
    <Card title="New key">
      <NewKeyForm labels={labels} rights={permissions} first="sending_access" make={make} />
    </Card>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: Key; onClose: () => void }) {
  const projectId = useProjectId();
  const revoke = useApiMutation(
    (api) =>
      api.DELETE('/v1/projects/{id}/api-keys/{keyId}', {
        params: { path: { id: projectId, keyId: apiKey.id } },
      }),
    ['api-keys'],
    onClose,
  );
  return <RevokeKey name={apiKey.name} revoke={revoke} onClose={onClose} />;
}
