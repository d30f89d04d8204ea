import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Input, Select } from '../../ui/field';
import { Card, Empty, PageHead } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { usePages } from '../../ui/pager';
import { Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';

export function Domains() {
  const projectId = useProjectId();
  const mayManage = useMay('manage');
  const pages = usePages();
  const domains = useApiQuery(['domains', pages.after], (api) =>
    api.GET('/domains', {
      params: { query: pages.query },
    }),
  );
  return (
    <>
      <PageHead title="Domains" about="Domains that mail is sent from, as identities in your SES." />
      <div className="flex flex-col gap-6">
        <Listing
          query={domains}
          what="the domains"
          label="Domains"
          columns={['Domain', 'Region', 'Status', 'Added']}
          pages={pages}
          empty={
            <Empty title="No domain yet">
              {mayManage
                ? 'Add the domain that you send from. The next page shows the DNS records that prove it is yours.'
                : 'Domains to send from would be here, with the DNS records that prove whose they are.'}
            </Empty>
          }
          row={(domain) => (
            <>
              <td>
                <Link
                  to="/projects/$projectId/domains/$domainId"
                  params={{ projectId, domainId: domain.id }}
                  className="font-medium text-accent underline"
                >
                  {domain.name}
                </Link>
              </td>
              <td>{domain.region}</td>
              <td>
                <Status of={domain.status} />
              </td>
              <td>
                <Time at={domain.created_at} isRelative />
              </td>
            </>
          )}
        />
        <Allowed to="manage" what="add domains">
          <NewDomain />
        </Allowed>
      </div>
    </>
  );
}

function NewDomain() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [connectionId, setConnectionId] = useState<string>();
  const connections = useApiQuery(['connections'], (api) =>
    api.GET('/v1/projects/{id}/connections', { params: { path: { id: projectId } } }),
  );
  const usable = (connections.data?.data ?? []).filter(({ status }) => status !== 'disconnected');
  const create = useApiMutation(
    (api) =>
      api.POST('/domains', {
        body: { name, ...(connectionId !== undefined && { connection_id: connectionId }) },
      }),
    ['domains'],
    ({ id }) =>
      void navigate({ to: '/projects/$projectId/domains/$domainId', params: { projectId, domainId: id } }),
  );
  return (
    <Card title="Add a domain">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <Input
          label="Domain"
          placeholder="mail.your-company.com"
          required
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
          problem={create.error?.field === 'name' ? create.error.message : undefined}
        />
        {usable.length > 1 && (
          <Select
            label="Connection"
            value={connectionId ?? usable[0]?.id}
            onChange={(event) => setConnectionId(event.target.value)}
          >
            {usable.map((connection) => (
              <option key={connection.id} value={connection.id}>
                {connection.name} · {connection.region}
              </option>
            ))}
          </Select>
        )}
        <Problem error={create.error} />
        <Button
          kind="primary"
          type="submit"
          busy={create.isPending && 'Asking SES for its records…'}
          className="self-start"
        >
          Add domain
        </Button>
      </form>
    </Card>
  );
}
