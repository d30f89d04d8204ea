import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { CopyLine } from '../../ui/copy';
import { Card, Empty, PageHead } from '../../ui/layout';
import { Loaded, Notice, Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';

export function DomainPage() {
  const { domainId } = useParams({ from: '/inside/projects/$projectId/domains/$domainId' });
  const path = { params: { path: { id: domainId } } };
  const query = useApiQuery(['domain', domainId], (api) => api.GET('/domains/{id}', path), {
    refetchEvery: (domain) => (domain?.status === 'verified' ? 60_000 : 5_000),
  });
  const verify = useApiMutation((api) => api.POST('/domains/{id}/verify', path), ['domain', 'domains']);
  return (
    <Loaded query={query} what="the domain">
      {(domain) => (
        <>
          <PageHead
            title={domain.name}
            about={
              <span className="flex flex-wrap items-center gap-2">
                <Status of={domain.status} /> {domain.region}
                {domain.last_checked_at !== null && (
                  <span>
                    · looked up <Time at={domain.last_checked_at} isRelative />
                  </span>
                )}
              </span>
            }
            actions={
              <Allowed to="manage">
                <Button busy={verify.isPending && 'Looking up…'} onClick={() => verify.mutate(undefined)}>
                  Check the records now
                </Button>
                <Remove domain={domain} />
              </Allowed>
            }
          />
          <div className="flex flex-col gap-5">
            <Problem error={verify.error} />
            {domain.problem !== null && (
              <Notice tone="bad">
                <p className="font-medium">{domain.problem.message}</p>
                {domain.problem.remedy !== null && (
                  <p className="mt-1 whitespace-pre-wrap">{domain.problem.remedy}</p>
                )}
              </Notice>
            )}
            <Card title="DNS records">
              {domain.records.length === 0 ? (
                <Empty title="No records yet">
                  SES has not told them yet: they appear here by themselves.
                </Empty>
              ) : (
                <ul className="flex flex-col divide-y divide-line">
                  {domain.records.map((record) => (
                    <RecordRow key={`${record.type} ${record.fqdn} ${record.value}`} record={record} />
                  ))}
                </ul>
              )}
            </Card>
          </div>
        </>
      )}
    </Loaded>
  );
}

function RecordRow({ record }: { record: Schemas['DomainRecord'] }) {
  const what = `${record.record} ${record.type}`;
  return (
    <li className="flex flex-col gap-2 py-4 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-3">
        <span className="font-medium">
          {what}
          {record.priority !== undefined && `, priority ${record.priority}`}
        </span>
        <Status of={record.status} />
        {record.recommended && <span className="text-sm text-muted">recommended, not required</span>}
      </div>
      <CopyLine label={`the name of ${what}`} value={record.fqdn} />
      <CopyLine label={`the value of ${what}`} value={record.value} />
      {record.hint !== null && <p className="text-sm text-warn">{record.hint}</p>}
    </li>
  );
}

function Remove({ domain }: { domain: Schemas['Domain'] }) {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useApiMutation(
    (api) => api.DELETE('/domains/{id}', { params: { path: { id: domain.id } } }),
    ['domains'],
    () => void navigate({ to: '/projects/$projectId/domains', params: { projectId } }),
  );
  return (
    <>
      <Button kind="danger" onClick={() => setIsAsked(true)}>
        Remove
      </Button>
      {isAsked && (
        <Confirm
          title={`Remove ${domain.name}?`}
          action="Remove"
          busy={remove.isPending && 'Removing…'}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setIsAsked(false)}
        >
          <p>
            {domain.identity === 'created'
              ? 'Sesame made its identity in SES and takes it away again.'
              : 'Its identity in SES stays: it was there before.'}
          </p>
          <Problem error={remove.error} />
        </Confirm>
      )}
    </>
  );
}
