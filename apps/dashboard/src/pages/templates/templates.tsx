import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Input } from '../../ui/field';
import { Card, Empty, PageHead } from '../../ui/layout';
import { Listing } from '../../ui/listing';
import { usePages } from '../../ui/pager';
import { Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';

export function Templates() {
  const projectId = useProjectId();
  const mayManage = useMay('manage');
  const pages = usePages();
  const templates = useApiQuery(['templates', pages.after], (api) =>
    api.GET('/templates', {
      params: { query: pages.query },
    }),
  );
  return (
    <>
      <PageHead
        title="Templates"
        about="Mail with variables. A draft changes nothing until it is published."
      />
      <div className="flex flex-col gap-6">
        <Listing
          query={templates}
          what="the templates"
          label="Templates"
          columns={['Name', 'Alias', 'Status', 'Changed']}
          pages={pages}
          empty={
            <Empty title="No template yet">
              {mayManage
                ? 'Name the first one below, and write it on the next page.'
                : 'Mail of programs can be written here once, and sent by its name.'}
            </Empty>
          }
          row={(template) => (
            <>
              <td>
                <Link
                  to="/projects/$projectId/templates/$templateId"
                  params={{ projectId, templateId: template.id }}
                  className="font-medium text-accent underline"
                >
                  {template.name}
                </Link>
              </td>
              <td>{template.alias ?? '–'}</td>
              <td>
                <Status of={template.status} />
              </td>
              <td>
                <Time at={template.updated_at} isRelative />
              </td>
            </>
          )}
        />
        <Allowed to="manage" what="make templates">
          <NewTemplate />
        </Allowed>
      </div>
    </>
  );
}

function NewTemplate() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const create = useApiMutation(
    (api) => api.POST('/templates', { body: { name, html: '<p>Hello</p>' } }),
    ['templates'],
    ({ id }) =>
      void navigate({
        to: '/projects/$projectId/templates/$templateId',
        params: { projectId, templateId: id },
      }),
  );
  return (
    <Card title="New template">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <Input
          label="Name"
          required
          maxLength={50}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Problem error={create.error} />
        <Button kind="primary" type="submit" busy={create.isPending && 'Creating…'} className="self-start">
          Create template
        </Button>
      </form>
    </Card>
  );
}
