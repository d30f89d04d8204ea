import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client';
import { useApiQuery } from '../../api/hooks';
import { Button } from '../../ui/button';
import { Notice, Problem, Status, Waiting } from '../../ui/state';
import { isSettled } from '../emails/settled';
import { questions, sides } from './checks';
import type { Attempt } from './tour-state';

type Connection = Schemas['Connection'];
type Check = Schemas['Check'];

/** What Sesame finds after a change of the simulated account: by its checks, and by a mail where these cannot show it. */
export function Diagnosis({
  connection,
  attempt,
  isSending,
  isMended,
}: {
  connection: Connection;
  attempt: Attempt;
  /** The test mail is on its way to the API. */
  isSending: boolean;
  isMended: boolean;
}) {
  const isDone = hasAnswered(connection, attempt);
  // The page asks every few seconds; who has just pressed a button looks at it now.
  useApiQuery(
    ['connection', connection.id],
    (api) => api.GET('/v1/connections/{id}', { params: { path: { id: connection.id } } }),
    { refetchEvery: (now) => (now !== undefined && hasAnswered(now, attempt) ? false : 1_000) },
  );
  const findings = connection.checks.filter((check) => isNewer(check, attempt) && isTelling(check));
  return (
    <div className="flex flex-col gap-3">
      {!isDone && <Waiting>The eight checks run…</Waiting>}
      <ul aria-label="What Sesame finds" className="flex flex-col gap-3">
        {findings.map((check) => (
          <Finding
            key={check.name}
            status={check.outcome}
            title={questions[check.name] ?? check.name}
            // A check that passes with an advice is about the customer's account.
            side={sides[check.side ?? 'customer']}
            detail={check.detail}
            // What to paste comes with the check itself.
            remedy={check.remedy?.split('\n\n')[0] ?? null}
            action={<ShowCheck check={check} />}
          />
        ))}
        {attempt.emailId !== undefined && <TestMailFinding id={attempt.emailId} />}
      </ul>
      {isSending && <Waiting>Sending a test mail…</Waiting>}
      {isMended && isDone && connection.status === 'active' && (
        <Notice tone="good">All eight checks pass: the connection is active.</Notice>
      )}
    </div>
  );
}

function ShowCheck({ check }: { check: Check }) {
  const isPasted = check.paste !== null && check.outcome === 'failed';
  return (
    <Button
      className="mt-1 self-start"
      onClick={() => document.getElementById(`check-${check.name}`)?.focus()}
    >
      {isPasted ? 'Show what to paste' : 'Show the check'}
    </Button>
  );
}

/** The mail waits, fails, or goes out. */
function TestMailFinding({ id }: { id: string }) {
  const email = useApiQuery(['email', id], (api) => api.GET('/emails/{id}', { params: { path: { id } } }), {
    refetchEvery: (one) =>
      one !== undefined && (one.status === 'sent' || isSettled(one.status)) ? false : 1_000,
  });
  if (email.data === undefined)
    return (
      <li>
        <Problem error={email.error} />
      </li>
    );
  const { status, error, deferred_reason: reason } = email.data;
  const isDeferredByQuota = reason === 'deferred_quota';
  return (
    <Finding
      status={status}
      title="The test mail"
      side={error !== null || isDeferredByQuota ? sides.customer : null}
      detail={
        error?.message ??
        (isDeferredByQuota
          ? 'It waits: the 24-hour quota of the SES account is used up.'
          : status === 'queued' || status === 'sending'
            ? 'It waits for its turn.'
            : 'Amazon SES has taken it.')
      }
      remedy={
        error?.remedy ??
        (isDeferredByQuota
          ? 'Nothing to do: it goes out by itself. To send more each day, ask AWS for a higher sending quota.'
          : null)
      }
    />
  );
}

function Finding({
  status,
  title,
  side,
  detail,
  remedy,
  action,
}: {
  status: string;
  title: string;
  side: string | null;
  detail: string;
  remedy: string | null;
  action?: ReactNode;
}) {
  return (
    <li className="flex flex-col gap-1 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Status of={status} />
        <span className="font-medium">{title}</span>
        {side !== null && <span className="text-muted">on {side}</span>}
      </p>
      <p className="break-words text-muted">{detail}</p>
      {remedy !== null && (
        <p className="break-words whitespace-pre-wrap">
          <strong>Remedy:</strong> {remedy}
        </p>
      )}
      {action}
    </li>
  );
}

function isNewer(check: Check, attempt: Attempt): boolean {
  return check.checked_at !== null && Date.parse(check.checked_at) >= Date.parse(attempt.changedAt);
}

/** Something to say to the reader: a fault, one that is not certain yet, or an advice. */
function isTelling({ outcome, remedy }: Check): boolean {
  return outcome === 'failed' || remedy !== null;
}

/** Every check has looked at the changed account, and none is undecided. */
function hasAnswered(connection: Connection, attempt: Attempt): boolean {
  return connection.checks.every((check) => check.outcome !== 'pending' && isNewer(check, attempt));
}
