import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { useLive } from '../../api/live';
import { CodeBlock } from '../../ui/copy';
import { Card, Facts, PageHead } from '../../ui/layout';
import { Loaded, Status } from '../../ui/state';
import { Tabs } from '../../ui/tabs';
import { Time } from '../../ui/time';
import { EmailActions } from './email-actions';
import { Rendered } from './rendered';
import { Recipients } from './recipients';
import { isSettled } from './settled';
import { Source } from './source';
import { Timeline } from './timeline';

export function EmailPage() {
  const { emailId } = useParams({ from: '/inside/projects/$projectId/emails/$emailId' });
  const isLive = useLive(
    ['email'],
    (event) =>
      event.type === 'email.status' && (event.more > 0 || event.emails.some(({ id }) => id === emailId)),
  );
  const query = useApiQuery(
    ['email', emailId],
    (api) => api.GET('/emails/{id}', { params: { path: { id: emailId } } }),
    {
      refetchEvery: (email) =>
        email !== undefined && isSettled(email.status) ? false : isLive ? 15_000 : 3_000,
    },
  );
  return (
    <Loaded query={query} what="the email">
      {(email) => (
        <>
          <PageHead
            title={email.subject === '' ? '(no subject)' : email.subject}
            about={<Status of={email.status} />}
            actions={<EmailActions email={email} />}
          />
          <div className="flex flex-col gap-5">
            <Card title="What happened">
              <Timeline email={email} />
            </Card>
            <Recipients email={email} />
            <Card title="Message">
              <Content email={email} />
            </Card>
            <Envelope email={email} />
          </div>
        </>
      )}
    </Loaded>
  );
}

const parts = [
  ['html', 'HTML'],
  ['text', 'Text'],
  ['source', 'HTML source'],
  ['headers', 'Headers'],
  ['raw', 'Raw'],
] as const;
type Part = (typeof parts)[number][0];

function Content({ email }: { email: Schemas['Email'] }) {
  const isThere = (part: Part) =>
    part === 'text' ? email.text !== null : part === 'headers' || part === 'raw' || email.html !== null;
  const has = parts.filter(([part]) => isThere(part));
  const [chosen, setPart] = useState<Part>();
  const part = chosen ?? has[0]?.[0] ?? 'raw';
  return (
    <Tabs label="Parts of the message" tabs={has} current={part} onChange={setPart}>
      {part === 'html' ? (
        <Rendered html={email.html ?? ''} />
      ) : part === 'headers' || part === 'raw' ? (
        <Source emailId={email.id} part={part} />
      ) : (
        <CodeBlock
          label={part === 'text' ? 'text part' : 'HTML source'}
          code={(part === 'text' ? email.text : email.html) ?? ''}
        />
      )}
    </Tabs>
  );
}

function Envelope({ email }: { email: Schemas['Email'] }) {
  const projectId = useProjectId();
  const addresses = (list: string[] | null) =>
    list === null || list.length === 0 ? undefined : list.join(', ');
  return (
    <Card title="Details">
      <Facts
        facts={{
          From: email.from,
          To: addresses(email.to),
          Cc: addresses(email.cc),
          Bcc: addresses(email.bcc),
          'Reply to': addresses(email.reply_to),
          Tags:
            email.tags.length === 0
              ? undefined
              : email.tags.map(({ name, value }) => `${name}=${value}`).join(', '),
          Accepted: <Time at={email.created_at} />,
          Scheduled: email.scheduled_at === null ? undefined : <Time at={email.scheduled_at} />,
          Sent: email.sent_at === null ? undefined : <Time at={email.sent_at} />,
          Attempts: email.attempts,
          'Next attempt': email.next_attempt_at === null ? undefined : <Time at={email.next_attempt_at} />,
          Connection: (
            <Link
              to="/projects/$projectId/connections/$connectionId"
              params={{ projectId, connectionId: email.connection_id }}
              className="text-accent underline"
            >
              Open
            </Link>
          ),
          Id: <code className="text-sm break-all">{email.id}</code>,
          'SES message id':
            email.ses_message_id === null ? undefined : (
              <code className="text-sm break-all">{email.ses_message_id}</code>
            ),
        }}
      />
    </Card>
  );
}
