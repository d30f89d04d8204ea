import { Link, useParams } from '@tanstack/react-router';
import { useApiQuery, useProjectId } from '../../api/hooks';
import { CodeBlock } from '../../ui/copy';
import { Card, Facts, PageHead } from '../../ui/layout';
import { Loaded } from '../../ui/state';
import { Time } from '../../ui/time';
import { AnswerStatus } from './answer-status';

/** One request and its answer, redacted as they are stored. */
export function LogPage() {
  const { logId } = useParams({ from: '/inside/projects/$projectId/logs/$logId' });
  const query = useApiQuery(['log', logId], (api) =>
    api.GET('/logs/{id}', { params: { path: { id: logId } } }),
  );
  return (
    <Loaded query={query} what="the request">
      {(log) => (
        <>
          <PageHead
            title={`${log.method} ${log.endpoint}`}
            about={<AnswerStatus of={log.response_status} />}
          />
          <div className="flex flex-col gap-5">
            <Card title="Details">
              <Facts
                facts={{
                  When: <Time at={log.created_at} />,
                  Client: log.user_agent ?? undefined,
                  'API key': log.api_key_id === null ? undefined : <KeyName id={log.api_key_id} />,
                  Email: <EmailLink answer={log.response_body} />,
                  Id: <code className="text-sm break-all">{log.id}</code>,
                }}
              />
            </Card>
            <Body label="request body" body={log.request_body} />
            <Body label="response body" body={log.response_body} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function KeyName({ id }: { id: string }) {
  const projectId = useProjectId();
  const keys = useApiQuery(['api-keys'], (api) =>
    api.GET('/v1/projects/{id}/api-keys', { params: { path: { id: projectId } } }),
  );
  const name = keys.data?.data.find((key) => key.id === id)?.name;
  return (
    <>
      {name} <code className="text-sm break-all">{id}</code>
    </>
  );
}

/** What a request to send has made. */
function EmailLink({ answer }: { answer?: unknown }) {
  const projectId = useProjectId();
  const keys = typeof answer === 'object' && answer !== null ? Object.keys(answer) : [];
  if (keys.length !== 1 || keys[0] !== 'id') return <>–</>;
  const emailId = String((answer as { id: unknown }).id);
  return (
    <Link
      to="/projects/$projectId/emails/$emailId"
      params={{ projectId, emailId }}
      className="text-accent underline"
    >
      Open
    </Link>
  );
}

function Body({ label, body }: { label: string; body?: unknown }) {
  if (body === null || body === undefined) return null;
  return <CodeBlock label={label} code={typeof body === 'string' ? body : JSON.stringify(body, null, 2)} />;
}
