import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Button } from '../../ui/button';
import { Card, Empty } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { usePages } from '../../ui/pager';
import { Problem } from '../../ui/state';
import { Tabs } from '../../ui/tabs';
import { Time } from '../../ui/time';

const kinds = ['failed', 'uncertain', 'expired'] as const;
type Kind = (typeof kinds)[number];

const about: Readonly<Record<Kind, string>> = {
  failed: 'Amazon SES refused these for good, or they were tried as often as makes sense.',
  uncertain: 'A worker ended while SES was asked: these may have been sent.',
  expired: 'Their time was over before they could go.',
};

/** Mail that rests without success, and may be sent again. */
export function DeadLetters({ counts }: { counts: Schemas['Queue']['dead_letters'] }) {
  const [chosen, setKind] = useState<Kind>();
  const kind = chosen ?? kinds.find((one) => counts[one] > 0) ?? 'failed';
  return (
    <Card title="Dead letters">
      <Tabs
        label="Dead letters"
        tabs={kinds.map(
          (one) => [one, `${one} (${counts[one].toLocaleString()}${counts.is_more ? '+' : ''})`] as const,
        )}
        current={kind}
        onChange={setKind}
      >
        <p className="mb-3 text-sm text-muted">{about[kind]}</p>
        <List key={kind} kind={kind} />
      </Tabs>
    </Card>
  );
}

function List({ kind }: { kind: Kind }) {
  const projectId = useProjectId();
  const mayManage = useMay('manage');
  const pages = usePages();
  const emails = useApiQuery(
    ['emails', 'dead', kind, pages.after],
    (api) => api.GET('/emails', { params: { query: { ...pages.query, status: kind } } }),
    { refetchEvery: () => (pages.isFirst ? 15_000 : false) },
  );
  const resend = useApiMutation(
    (api, id: string) => api.POST('/emails/{id}/resend', { params: { path: { id } } }),
    ['emails', 'email', 'queue'],
  );
  return (
    <div className="flex flex-col gap-3">
      <Problem error={resend.error} />
      <Listing
        query={emails}
        what="the dead letters"
        label={`Emails that are ${kind}`}
        columns={['Subject', 'To', 'Accepted', ...(mayManage ? ['Actions'] : [])]}
        pages={pages}
        empty={<Empty title={`No email is ${kind}`}>That is how it should be.</Empty>}
        row={(email) => {
          const subject = email.subject === '' ? '(no subject)' : email.subject;
          return (
            <>
              <td className="max-w-xs">
                <Link
                  to="/projects/$projectId/emails/$emailId"
                  params={{ projectId, emailId: email.id }}
                  className="block truncate font-medium text-accent underline"
                >
                  {subject}
                </Link>
              </td>
              <td className="max-w-56 truncate">{email.to[0]}</td>
              <td>
                <Time at={email.created_at} isRelative />
              </td>
              {mayManage && (
                <td>
                  <Button
                    aria-label={`Send again: ${subject}`}
                    busy={resend.isPending && resend.variables === email.id && 'Queueing…'}
                    onClick={() => resend.mutate(email.id)}
                  >
                    Send again
                  </Button>
                </td>
              )}
            </>
          );
        }}
      />
    </div>
  );
}
