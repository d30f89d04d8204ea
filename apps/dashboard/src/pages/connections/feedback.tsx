import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation, useApiQuery } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Select } from '../../ui/field';
import { Card, Facts } from '../../ui/layout';
import { Loaded, Notice, Problem, Status, Waiting } from '../../ui/state';
import { Time } from '../../ui/time';
import { CheckRow } from './checks';

type Feedback = Schemas['Feedback'];
const modes: Readonly<Record<Feedback['mode'], string>> = {
  pull: 'Queue in your account: Sesame fetches, nothing is lost while it is away',
  sns: 'SNS calls Sesame',
  eventbridge: 'EventBridge calls Sesame',
};
const stepNames: Readonly<Record<string, string>> = {
  configuration_set: 'Configuration set',
  topic: 'Topic',
  queue: 'Queue',
  rule: 'Rule',
  subscription: 'Subscription',
  event_destination: 'SES publishes events',
  path_proven: 'A test event came the whole way',
};
const moving = ['setting_up', 'proving', 'removing'];
const stale = ['feedback'];

/** How deliveries, bounces and complaints come back. */
export function FeedbackCard({ connection }: { connection: Schemas['Connection'] }) {
  const path = { params: { path: { id: connection.id } } };
  const query = useApiQuery(
    ['feedback', connection.id],
    (api) => api.GET('/v1/connections/{id}/feedback', path),
    {
      refetchEvery: (feedback) =>
        feedback !== undefined && moving.includes(feedback.status) ? 1_000 : 15_000,
    },
  );
  if (query.error?.status === 404) return <SetUp connection={connection} />;
  return (
    <Card title="Feedback">
      <Loaded query={query} what="the feedback">
        {(feedback) => <Present feedback={feedback} />}
      </Loaded>
    </Card>
  );
}

function SetUp({ connection }: { connection: Schemas['Connection'] }) {
  const mayManage = useMay('manage');
  const [mode, setMode] = useState<Feedback['mode']>('pull');
  const start = useApiMutation(
    (api) =>
      api.POST('/v1/connections/{id}/feedback', { params: { path: { id: connection.id } }, body: { mode } }),
    stale,
  );
  return (
    <Card title="Feedback">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate(undefined);
        }}
      >
        <p className="text-muted">
          Without it a mail ends at “sent”. With it Sesame learns of deliveries, bounces, complaints, opens
          and clicks. The role needs the rights of “Everything” in its kit.
        </p>
        <Select
          label="How"
          disabled={!mayManage}
          value={mode}
          onChange={(event) => setMode(event.target.value as Feedback['mode'])}
        >
          {Object.entries(modes).map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </Select>
        <Problem error={start.error} />
        <Allowed to="manage" what="set up feedback">
          <Button type="submit" busy={start.isPending && 'Starting…'} className="self-start">
            Set up feedback
          </Button>
        </Allowed>
      </form>
    </Card>
  );
}

function Present({ feedback }: { feedback: Feedback }) {
  const mayManage = useMay('manage');
  const path = { params: { path: { id: feedback.connection_id } } };
  const again = useApiMutation(
    (api) => api.POST('/v1/connections/{id}/feedback', { ...path, body: { mode: feedback.mode } }),
    stale,
  );
  const track = useApiMutation(
    (api, body: Schemas['ChangeFeedbackRequest']) =>
      api.PATCH('/v1/connections/{id}/feedback', { ...path, body }),
    stale,
  );
  const remove = useApiMutation((api) => api.DELETE('/v1/connections/{id}/feedback', path), stale);
  const { opens, clicks } = feedback.tracking;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <Status of={feedback.status} />
        <span className="text-muted">{modes[feedback.mode]}</span>
        {moving.includes(feedback.status) && <Waiting>{waitsFor(feedback.status)}</Waiting>}
      </div>
      {feedback.status_reason !== null && <Notice tone="warn">{feedback.status_reason}</Notice>}
      <ol className="flex flex-col divide-y divide-line">
        {feedback.steps.map((step) => (
          <CheckRow key={step.name} check={step} question={stepNames[step.name] ?? step.name} />
        ))}
      </ol>
      <Facts
        facts={{
          'Last event':
            feedback.last_event_at === null ? 'none yet' : <Time at={feedback.last_event_at} isRelative />,
          'Set aside': feedback.dead_letter?.messages ?? undefined,
        }}
      />
      <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
        <legend className="mb-1 text-sm font-medium">Tracking by SES</legend>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={opens}
            disabled={!mayManage || track.isPending}
            onChange={() => track.mutate({ opens: !opens })}
          />
          Opens
        </label>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={clicks}
            disabled={!mayManage || track.isPending}
            onChange={() => track.mutate({ clicks: !clicks })}
          />
          Clicks
        </label>
      </fieldset>
      <Problem error={again.error ?? track.error ?? remove.error} />
      <Allowed to="manage" what="change the feedback">
        <div className="flex flex-wrap gap-2">
          <Button busy={again.isPending && 'Starting…'} onClick={() => again.mutate(undefined)}>
            Take the steps again
          </Button>
          <Button
            kind="danger"
            busy={remove.isPending && 'Removing…'}
            onClick={() => remove.mutate(undefined)}
          >
            Undo in AWS
          </Button>
        </div>
      </Allowed>
    </div>
  );
}

function waitsFor(status: Feedback['status']): string {
  if (status === 'removing') return 'Taking out what was made';
  return status === 'proving' ? 'Waiting for the event of a simulator mail' : 'Making it in your account';
}
