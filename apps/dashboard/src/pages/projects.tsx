import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiMutation, useApiQuery } from '../api/hooks';
import { useMay } from '../api/me';
import { Allowed } from '../ui/allowed';
import { Button } from '../ui/button';
import { Input } from '../ui/field';
import { Card, Empty, PageHead } from '../ui/layout';
import { Loaded, Problem } from '../ui/state';
import { Time } from '../ui/time';

export function Projects() {
  const mayAdminister = useMay('administer');
  const projects = useApiQuery(['projects'], (api) => api.GET('/v1/projects'));
  return (
    <>
      <PageHead
        title="Projects"
        about="A project has its own connections to Amazon SES, its own API keys and its own mail."
      />
      <div className="flex flex-col gap-6">
        <Loaded query={projects} what="the projects">
          {({ data }) =>
            data.length === 0 ? (
              <Empty title="No project yet">
                {mayAdminister
                  ? 'Name the first one below; then connect an AWS account to it.'
                  : 'An owner or admin of the organization makes the first one.'}
              </Empty>
            ) : (
              <ul className="grid gap-3 sm:grid-cols-2">
                {data.map((project) => (
                  <li key={project.id}>
                    <Link
                      to="/projects/$projectId/connections"
                      params={{ projectId: project.id }}
                      className="block rounded-xl border border-line bg-card p-4 hover:border-accent"
                    >
                      <span className="font-semibold">{project.name}</span>
                      <span className="block text-sm text-muted">
                        since <Time at={project.created_at} />
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        <Allowed to="administer" what="make projects">
          <NewProject />
        </Allowed>
      </div>
    </>
  );
}

function NewProject() {
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const create = useApiMutation(
    (api, body: { name: string }) => api.POST('/v1/projects', { body }),
    ['projects'],
    ({ id }) => void navigate({ to: '/projects/$projectId/connections', params: { projectId: id } }),
  );
  return (
    <Card title="New project">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name });
        }}
      >
        <Input
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={100}
        />
        <Problem error={create.error} />
        <Button kind="primary" type="submit" busy={create.isPending && 'Creating…'} className="self-start">
          Create project
        </Button>
      </form>
    </Card>
  );
}
