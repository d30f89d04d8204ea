import type { Schemas } from '../../api/client';
import { useApiMutation } from '../../api/hooks';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { CodeBlock } from '../../ui/copy';
import { Card } from '../../ui/layout';
import { Problem, Status, Waiting } from '../../ui/state';
import { Time } from '../../ui/time';

/** What each check asks, in the words of somebody who has not read our code. */
export const questions: Readonly<Record<string, string>> = {
  platform_principal: 'Sesame knows who it is',
  role_arn: 'The ARN is a role of your account',
  assume_with_external_id: 'The role opens with the external ID',
  refuse_without_external_id: 'The role stays shut without one',
  refuse_wrong_external_id: 'The role stays shut for a wrong one',
  session_duration: 'Sessions last as long as asked for',
  ses_account: 'Amazon SES is ready in this region',
  permission_to_send: 'The role may send',
};

export const sides = { platform: 'Sesame’s side', customer: 'your side', aws: 'Amazon’s side' };

export function Checks({ connection }: { connection: Schemas['Connection'] }) {
  const isVerifying = connection.status === 'verifying';
  const again = useApiMutation(
    (api) => api.POST('/v1/connections/{id}/verify', { params: { path: { id: connection.id } } }),
    ['connection'],
  );
  return (
    <Card
      title="Checks"
      actions={
        <Allowed to="manage">
          <Button
            busy={(isVerifying || again.isPending) && 'Checking…'}
            onClick={() => again.mutate(undefined)}
          >
            Check again
          </Button>
        </Allowed>
      }
    >
      {isVerifying && (
        <div className="mb-3">
          <Waiting>Asking AWS for the role. IAM can take a minute to learn of a new one.</Waiting>
        </div>
      )}
      <Problem error={again.error} />
      <ol className="flex flex-col divide-y divide-line">
        {connection.checks.map((check) => (
          <CheckRow
            key={check.name}
            id={`check-${check.name}`}
            check={check}
            question={questions[check.name] ?? check.name}
          />
        ))}
      </ol>
    </Card>
  );
}

/** One check, and what to do about it where it failed or passed with an advice. */
export function CheckRow({
  id,
  check,
  question,
}: {
  /** To come here from elsewhere on the page. */
  id?: string;
  check: Omit<Schemas['Check'], 'name'>;
  /** What it asks. */
  question: string;
}) {
  const needsCare = check.outcome === 'failed';
  return (
    <li id={id} tabIndex={id === undefined ? undefined : -1} className="py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Status of={check.outcome} />
        <span className="font-medium">{question}</span>
        {needsCare && check.side !== null && <span className="text-sm text-bad">on {sides[check.side]}</span>}
        <span className="ml-auto text-sm text-muted">
          {check.checked_at !== null && <Time at={check.checked_at} isRelative />}
        </span>
      </div>
      {check.detail !== '' && <p className="mt-1 text-sm break-words text-muted">{check.detail}</p>}
      {needsCare && <Remedy check={check} />}
      {check.outcome === 'passed' && check.remedy !== null && (
        <p className="mt-2 border-l-4 border-warn pl-4 text-sm">{check.remedy.split('\n\n')[0]}</p>
      )}
    </li>
  );
}

/** What a remedy can hold, the plainest first. */
const pastes = [
  ['trust_policy', 'trust policy'],
  ['permissions_policy', 'permissions policy'],
  ['cli', 'AWS CLI command'],
  ['terraform', 'Terraform'],
] as const;

function Remedy({ check }: { check: Omit<Schemas['Check'], 'name'> }) {
  const parts = pastes.flatMap(([name, label]) => {
    const value = check.paste?.[name];
    if (value === undefined || value === null) return [];
    return [{ label, code: typeof value === 'string' ? value : JSON.stringify(value, null, 2) }];
  });
  // The text repeats what is to be pasted, for readers of the API; here that is below, with a button to copy it.
  const advice = parts.length > 0 ? check.remedy?.split('\n\n')[0] : check.remedy;
  return (
    <div className="mt-2 flex flex-col gap-3 border-l-4 border-bad pl-4">
      <p className="text-sm whitespace-pre-wrap">{advice}</p>
      {parts.map(({ label, code }, index) => (
        <details key={label} open={index === 0}>
          <summary className="text-sm font-medium first-letter:uppercase">{label}</summary>
          <div className="mt-2">
            <CodeBlock label={label} code={code} />
          </div>
        </details>
      ))}
    </div>
  );
}
