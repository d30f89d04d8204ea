import { useState, type ReactNode } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap, type ApiError, type Schemas } from '../../api/client';
import { useApiMutation, useProjectId } from '../../api/hooks';
import { Button } from '../../ui/button';
import { Card } from '../../ui/layout';
import { Problem } from '../../ui/state';
import { Diagnosis } from './diagnosis';
import { tour, type TourStep } from './tour';
import { readTour, rememberTour, type TourState } from './tour-state';

interface SandboxChange {
  scenario: string;
  changed_at: string;
  test_mail: { from: string; to: string } | null;
}

/** A tour of what goes wrong in AWS accounts: each step breaks the simulated one and shows what Sesame says. */
export function BreakIt({
  connection,
  sandboxUrl,
}: {
  connection: Schemas['Connection'];
  sandboxUrl: string;
}) {
  const [state, setState] = useState(() => readTour(connection.id));
  const change = (part: Partial<TourState>) => {
    const next = { ...readTour(connection.id), ...part };
    rememberTour(connection.id, next);
    setState(next);
  };
  const { press, sendTest, pressed } = useScenarios(connection.id, state, change);
  const current = pressed ?? state.last?.scenario;
  return (
    <Card
      title="Try to break it"
      actions={
        <Button
          kind="quiet"
          aria-expanded={!state.isHidden}
          onClick={() => change({ isHidden: !state.isHidden })}
        >
          {state.isHidden ? 'Show the tour' : 'Hide the tour'}
        </Button>
      }
    >
      {!state.isHidden && (
        <>
          <p className="mb-4 max-w-prose text-sm text-muted">
            This connection leads to a simulated AWS account. Break it as accounts break in real life, and see
            what Sesame finds, on whose side, and what to do. Each button mends what another one broke. Mail
            that goes out is in the{' '}
            <a href={`${sandboxUrl}/_sandbox/inbox`} className="text-accent underline">
              inbox of the sandbox
            </a>
            .
          </p>
          <Problem error={press.error ?? sendTest.error} />
          <ol aria-label="Steps of the tour" className="flex flex-col divide-y divide-line">
            {tour.map((step) => (
              <Step
                key={step.scenario}
                step={step}
                isCurrent={step.scenario === current}
                isTried={state.tried.includes(step.scenario)}
                isBusy={step.scenario === pressed}
                // Not disabled: a button that is loses the focus of the keyboard.
                onPress={() => pressed === undefined && press.mutate(step.scenario)}
              >
                {pressed === undefined && state.last !== undefined && (
                  <Diagnosis
                    connection={connection}
                    attempt={state.last}
                    isSending={sendTest.isPending}
                    isMended={step.scenario === 'mend'}
                  />
                )}
              </Step>
            ))}
          </ol>
        </>
      )}
    </Card>
  );
}

function Step({
  step,
  isCurrent,
  isTried,
  isBusy,
  onPress,
  children,
}: {
  step: TourStep;
  isCurrent: boolean;
  isTried: boolean;
  isBusy: boolean;
  onPress: () => void;
  children: ReactNode;
}) {
  const id = `tour-${step.scenario}`;
  return (
    <li aria-current={isCurrent ? 'step' : undefined} className="py-2 first:pt-0 last:pb-0">
      <div className="grid gap-x-4 gap-y-1 sm:grid-cols-[13rem_1fr] sm:items-center">
        <Button
          kind={step.scenario === 'mend' ? 'primary' : 'plain'}
          aria-describedby={id}
          aria-busy={isBusy}
          onClick={onPress}
        >
          {step.action}
        </Button>
        <p id={id} className="text-sm text-muted">
          {step.what}
          {isTried && !isCurrent && <span className="text-good"> Tried.</span>}
        </p>
      </div>
      {/* In the page before it says something: otherwise nobody hears it. */}
      <div aria-live="polite" className={isCurrent ? 'mt-3 border-l-4 border-accent pl-4' : ''}>
        {isCurrent && (
          <>
            <p className="mb-3 max-w-prose text-sm">
              <strong>What to look at:</strong> {step.look}
            </p>
            {children}
          </>
        )}
      </div>
    </li>
  );
}

/** Changes the simulated account, then sends the mail that shows what the checks cannot. */
function useScenarios(connectionId: string, state: TourState, change: (part: Partial<TourState>) => void) {
  const projectId = useProjectId();
  const queries = useQueryClient();
  const sendTest = useApiMutation(
    (api, { from, to }: { from: string; to: string }) =>
      api.POST('/emails', {
        body: {
          from,
          to,
          subject: 'Does it get out?',
          text: 'Sent by the tour of the connection page, through the simulated SES account.',
          connection_id: connectionId,
        },
      }),
    ['emails', 'capacity'],
  );
  const press = useMutation<SandboxChange, ApiError, string>({
    mutationFn: (scenario) => changeSandbox(projectId, connectionId, scenario),
    onMutate: () => sendTest.reset(),
    onSuccess: async ({ scenario, changed_at: changedAt, test_mail: mail }) => {
      const last = { scenario, changedAt };
      change({ last, tried: [...new Set([...state.tried, scenario])] });
      if (mail !== null)
        sendTest.mutate(mail, { onSuccess: ({ id }) => change({ last: { ...last, emailId: id } }) });
      const stale = ['connection', 'connections', 'capacity', 'sessions'];
      await Promise.all(stale.map((part) => queries.invalidateQueries({ queryKey: [projectId, part] })));
    },
  });
  return { press, sendTest, pressed: press.isPending ? press.variables : undefined };
}

/** The one route that is no part of the API's document: production does not have it. @throws ApiError */
function changeSandbox(projectId: string, connectionId: string, scenario: string): Promise<SandboxChange> {
  const ask = async () => {
    const response = await fetch(`/v1/connections/${connectionId}/sandbox`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-sesame-project': projectId },
      body: JSON.stringify({ scenario }),
    });
    const body: unknown = await response.json().catch(() => undefined);
    return response.ok ? { response, data: body as SandboxChange } : { response, error: body };
  };
  return unwrap(ask());
}
