import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { Button } from '../../ui/button';
import { Input } from '../../ui/field';
import { Card, Empty, PageHead, Table } from '../../ui/layout';
import { Pager, usePages } from '../../ui/pager';
import { Loaded, Problem, Status } from '../../ui/state';
import { Time } from '../../ui/time';

export function Templates() {
  const projectId = useProjectId();
  const pages = usePages();
  const templates = useApiQuery(['templates', pages.after], (api) =>
    api.GET('/templates', {
      params: { query: { limit: 25, ...(pages.after !== undefined && { after: pages.after }) } },
    }),
  );
  return (
    <>
      <PageHead
        title="Templates"
        about="Mail with variables. A draft changes nothing until it is published."
      />
      <div className="flex flex-col gap-6">
        <Loaded query={templates} what="the templates">
          {(list) =>
            list.data.length === 0 ? (
              <Empty title="No template yet">Name the first one below, and write it on the next page.</Empty>
            ) : (
              <div>
                <Table label="Templates" columns={['Name', 'Alias', 'Status', 'Changed']}>
                  {list.data.map((template) => (
                    <tr key={template.id}>
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
                    </tr>
                  ))}
                </Table>
                <Pager pages={pages} list={list} />
              </div>
            )
          }
        </Loaded>
        <NewTemplate />
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
