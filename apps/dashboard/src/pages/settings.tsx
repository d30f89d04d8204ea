import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { useApiMutation, useApiQuery, useProjectId } from '../api/hooks';
import { useMay } from '../api/me';
import { Allowed, NotAllowed } from '../ui/allowed';
import { Button } from '../ui/button';
import { Confirm } from '../ui/confirm';
import { Input, Select } from '../ui/field';
import { Card, Facts, PageHead } from '../ui/layout';
import { Save } from '../ui/save';
import { Loaded, Problem } from '../ui/state';

type Project = Schemas['Project'];

export function Settings() {
  const projectId = useProjectId();
  const project = useApiQuery(['project'], (api) =>
    api.GET('/v1/projects/{id}', { params: { path: { id: projectId } } }),
  );
  return (
    <>
      <PageHead title="Settings" />
      <Loaded query={project} what="the settings">
        {(one) => (
          <div className="flex flex-col gap-5">
            <Edit project={one} />
            <Usage />
            <Allowed to="administer">
              <Remove project={one} />
            </Allowed>
          </div>
        )}
      </Loaded>
    </>
  );
}

function Edit({ project }: { project: Project }) {
  const mayManage = useMay('manage');
  const stored = {
    name: project.name,
    delivery: project.delivery,
    weight: String(project.weight),
    // Empty is "as long as the emails".
    retention: project.content_retention_days === null ? '' : String(project.content_retention_days),
  };
  const [draft, setDraft] = useState(stored);
  const set = (field: keyof typeof draft) => (event: { target: { value: string } }) =>
    setDraft({ ...draft, [field]: event.target.value });
  const save = useApiMutation(
    (api) =>
      api.PATCH('/v1/projects/{id}', {
        params: { path: { id: project.id } },
        body: {
          name: draft.name,
          delivery: draft.delivery,
          weight: Number(draft.weight),
          content_retention_days: draft.retention === '' ? null : Number(draft.retention),
        },
      }),
    ['project', 'projects'],
  );
  const problemOf = (field: string) => (save.error?.field === field ? save.error.message : undefined);
  return (
    <Card title="Project">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <fieldset disabled={!mayManage} className="flex min-w-0 flex-col gap-4 sm:max-w-lg">
          <Input
            label="Name"
            required
            maxLength={100}
            value={draft.name}
            onChange={set('name')}
            problem={problemOf('name')}
          />
          <Select
            label="Guarantee, when the answer of SES is lost"
            hint="SES has no way to ask whether it took a mail. Sesame either risks a second copy, or stops and says so."
            value={draft.delivery}
            onChange={set('delivery')}
          >
            <option value="at_least_once">At least once: send again</option>
            <option value="at_most_once">At most once: stop at “uncertain”</option>
          </Select>
          <Input
            label="Keep the content of mail, in days"
            type="number"
            min={1}
            max={3650}
            placeholder="as long as the emails"
            hint="Bodies, headers and attachments of mail that is sent, suppressed or canceled are deleted after that time, for good. What happened to the mail stays. Empty: kept as long as the emails."
            value={draft.retention}
            onChange={set('retention')}
            problem={problemOf('content_retention_days')}
          />
          <Input
            label="Weight"
            type="number"
            min={1}
            max={10}
            required
            hint="Turns of this project in a worker’s rotation, beside your other projects."
            value={draft.weight}
            onChange={set('weight')}
            problem={problemOf('weight')}
          />
          {mayManage ? (
            <Save save={save} isChanged={JSON.stringify(draft) !== JSON.stringify(stored)} />
          ) : (
            <NotAllowed what="change the settings" />
          )}
        </fieldset>
      </form>
    </Card>
  );
}

function Usage() {
  const usage = useApiQuery(['usage'], (api) => api.GET('/usage'));
  return (
    <Card title="Use and limits">
      <Loaded query={usage} what="the use">
        {({ emails, domains, rate_limit }) => (
          <Facts
            facts={{
              'Emails today': emails.daily.used,
              'Emails this month': emails.monthly.used,
              Domains: domains.used,
              'Requests a second': `up to ${rate_limit.limit}`,
            }}
          />
        )}
      </Loaded>
    </Card>
  );
}

function Remove({ project }: { project: Project }) {
  const navigate = useNavigate();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useApiMutation(
    (api) => api.DELETE('/v1/projects/{id}', { params: { path: { id: project.id } } }),
    [],
    () => void navigate({ to: '/projects' }),
  );
  return (
    <Card title="Delete this project">
      <p className="mb-3 text-muted">Its keys stop working and its connections end.</p>
      <Button kind="danger" onClick={() => setIsAsked(true)}>
        Delete project
      </Button>
      {isAsked && (
        <Confirm
          title={`Delete ${project.name}?`}
          action="Delete"
          busy={remove.isPending && 'Deleting…'}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setIsAsked(false)}
        >
          <p>This cannot be undone.</p>
          <Problem error={remove.error} />
        </Confirm>
      )}
    </Card>
  );
}
