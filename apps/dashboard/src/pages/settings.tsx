import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { useApiMutation, useApiQuery, useProjectId } from '../api/hooks';
import { Button } from '../ui/button';
import { Confirm } from '../ui/confirm';
import { Input, Select } from '../ui/field';
import { Card, Facts, PageHead } from '../ui/layout';
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
            <Remove project={one} />
          </div>
        )}
      </Loaded>
    </>
  );
}

function Edit({ project }: { project: Project }) {
  const [name, setName] = useState(project.name);
  const [delivery, setDelivery] = useState(project.delivery);
  const [weight, setWeight] = useState(String(project.weight));
  const save = useApiMutation(
    (api) =>
      api.PATCH('/v1/projects/{id}', {
        params: { path: { id: project.id } },
        body: { name, delivery, weight: Number(weight) },
      }),
    ['project'],
  );
  return (
    <Card title="Project">
      <form
        className="flex flex-col gap-4 sm:max-w-lg"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <Input
          label="Name"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          label="When the answer of SES is lost"
          hint="SES has no way to ask whether it took a mail. Sesame either risks a second copy, or stops and says so."
          value={delivery}
          onChange={(event) => setDelivery(event.target.value as Project['delivery'])}
        >
          <option value="at_least_once">Send again: at least once</option>
          <option value="at_most_once">Stop at “uncertain”: at most once</option>
        </Select>
        <Input
          label="Weight"
          type="number"
          min={1}
          max={10}
          required
          hint="Turns of this project in a worker’s rotation, beside your other projects."
          value={weight}
          onChange={(event) => setWeight(event.target.value)}
        />
        <Problem error={save.error} />
        <div className="flex items-center gap-3">
          <Button kind="primary" type="submit" busy={save.isPending && 'Saving…'}>
            Save
          </Button>
          <span role="status" className="text-sm text-good">
            {save.isSuccess && 'Saved.'}
          </span>
        </div>
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
