import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Select } from '../../ui/field';
import { Card, Empty, PageHead } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';
import { regions } from './regions';

export function Connections() {
  const projectId = useProjectId();
  const mayManage = useMay('manage');
  const connections = useApiQuery(['connections'], (api) =>
    api.GET('/v1/projects/{id}/connections', { params: { path: { id: projectId } } }),
  );
  return (
    <>
      <PageHead
        title="Connections"
        about="A connection lets this project send through the Amazon SES of one AWS account and region. Sesame never holds a key of it: it assumes a role that you can take away at any time."
      />
      <div className="flex flex-col gap-6">
        <Listing
          query={connections}
          what="the connections"
          label="Connections"
          columns={['Name', 'Region', 'Account', 'Status', 'Proven']}
          empty={
            <Empty title="Not connected yet">
              {mayManage
                ? 'Choose the region whose SES shall send. The next page has the role to create, and the place to paste its ARN.'
                : 'This project can send as soon as somebody connects an AWS account to it.'}
            </Empty>
          }
          row={(connection) => (
            <>
              <td>
                <Link
                  to="/projects/$projectId/connections/$connectionId"
                  params={{ projectId, connectionId: connection.id }}
                  className="font-medium text-accent underline"
                >
                  {connection.name}
                </Link>
              </td>
              <td>{connection.region}</td>
              <td>{connection.aws_account_id ?? '–'}</td>
              <td>
                <Status of={connection.status} />
              </td>
              <td>
                <Time at={connection.verified_at} isRelative />
              </td>
            </>
          )}
        />
        <Allowed to="manage" what="connect AWS accounts">
          <NewConnection />
        </Allowed>
      </div>
    </>
  );
}

function NewConnection() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [region, setRegion] = useState('eu-west-1');
  const create = useApiMutation(
    (api, body: { region: string }) =>
      api.POST('/v1/projects/{id}/connections', { params: { path: { id: projectId } }, body }),
    ['connections'],
    ({ id }) =>
      void navigate({
        to: '/projects/$projectId/connections/$connectionId',
        params: { projectId, connectionId: id },
      }),
  );
  return (
    <Card title="Connect an AWS account">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ region });
        }}
      >
        <Select
          label="Region"
          hint="Where your domains are verified in SES."
          value={region}
          onChange={(event) => setRegion(event.target.value)}
        >
          {regions.map(([id, place]) => (
            <option key={id} value={id}>
              {id} · {place}
            </option>
          ))}
        </Select>
        <Problem error={create.error} />
        <Button
          kind="primary"
          type="submit"
          busy={create.isPending && 'Making an external ID…'}
          className="self-start"
        >
          Connect
        </Button>
      </form>
    </Card>
  );
}
