import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { useApiMutation, useApiQuery, useProjectId } from '../../api/hooks';
import { useMay } from '../../api/me';
import { Allowed, NotAllowed } from '../../ui/allowed';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Input, Textarea } from '../../ui/field';
import { Card, PageHead } from '../../ui/layout';
import { Loaded, Notice, Problem, Status } from '../../ui/state';
import { Rendered } from '../emails/rendered';

type Template = Schemas['Template'];
const stale = ['template', 'templates', 'template-preview'];

export function TemplatePage() {
  const { templateId } = useParams({ from: '/inside/projects/$projectId/templates/$templateId' });
  const query = useApiQuery(['template', templateId], (api) =>
    api.GET('/templates/{id}', { params: { path: { id: templateId } } }),
  );
  return (
    <Loaded query={query} what="the template">
      {(template) => (
        <>
          <PageHead
            title={template.name}
            about={<Status of={template.status} />}
            actions={
              <Allowed to="manage">
                <Actions template={template} />
              </Allowed>
            }
          />
          <div className="flex flex-col gap-5">
            {template.status === 'published' && template.has_unpublished_versions && (
              <Notice tone="warn">The draft below differs from what is published and used.</Notice>
            )}
            <Editor key={template.id} template={template} />
            <Allowed to="manage">
              <Preview template={template} />
            </Allowed>
          </div>
        </>
      )}
    </Loaded>
  );
}

function Editor({ template }: { template: Template }) {
  const mayManage = useMay('manage');
  const [draft, setDraft] = useState({
    name: template.name,
    alias: template.alias ?? '',
    from: template.from ?? '',
    subject: template.subject ?? '',
    html: template.html,
  });
  const set = (field: keyof typeof draft) => (event: { target: { value: string } }) =>
    setDraft({ ...draft, [field]: event.target.value });
  const save = useApiMutation(
    (api) =>
      api.PATCH('/templates/{id}', {
        params: { path: { id: template.id } },
        body: {
          name: draft.name,
          html: draft.html,
          // Empty is "none".
          alias: draft.alias === '' ? null : draft.alias,
          from: draft.from === '' ? null : draft.from,
          subject: draft.subject === '' ? null : draft.subject,
        },
      }),
    stale,
  );
  return (
    <Card title="Draft">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <fieldset disabled={!mayManage} className="grid min-w-0 gap-3 sm:grid-cols-2">
          <Input label="Name" required value={draft.name} onChange={set('name')} />
          <Input
            label="Alias"
            hint="A name to send by, instead of the id."
            value={draft.alias}
            onChange={set('alias')}
          />
          <Input label="From" value={draft.from} onChange={set('from')} />
          <Input label="Subject" value={draft.subject} onChange={set('subject')} />
          <div className="flex flex-col gap-3 sm:col-span-2">
            <Textarea
              label="HTML"
              required
              rows={12}
              className="font-mono text-sm"
              spellCheck={false}
              value={draft.html}
              onChange={set('html')}
            />
            <Problem error={save.error} />
            {mayManage ? (
              <Button type="submit" kind="primary" busy={save.isPending && 'Saving…'} className="self-start">
                Save draft
              </Button>
            ) : (
              <NotAllowed what="change templates" />
            )}
          </div>
        </fieldset>
      </form>
    </Card>
  );
}

function Preview({ template }: { template: Template }) {
  const preview = useApiQuery(['template-preview', template.id, template.updated_at], (api) =>
    api.POST('/templates/{id}/preview', {
      params: { path: { id: template.id } },
      body: { version: 'draft' },
    }),
  );
  return (
    <Card title="Preview of the saved draft">
      <Loaded query={preview} what="the preview">
        {({ subject, html, missing }) => (
          <div className="flex flex-col gap-3">
            {missing.length > 0 && (
              <Notice tone="warn">
                Without a value here: {missing.join(', ')}. Whoever sends gives them.
              </Notice>
            )}
            {subject !== null && <p className="font-medium">{subject}</p>}
            <Rendered html={html} />
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function Actions({ template }: { template: Template }) {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [isAsked, setIsAsked] = useState(false);
  const path = { params: { path: { id: template.id } } };
  const publish = useApiMutation((api) => api.POST('/templates/{id}/publish', path), stale);
  const remove = useApiMutation(
    (api) => api.DELETE('/templates/{id}', path),
    ['templates'],
    () => void navigate({ to: '/projects/$projectId/templates', params: { projectId } }),
  );
  return (
    <>
      <Button
        disabled={template.status === 'published' && !template.has_unpublished_versions}
        busy={publish.isPending && 'Publishing…'}
        onClick={() => publish.mutate(undefined)}
      >
        Publish
      </Button>
      <Button kind="danger" onClick={() => setIsAsked(true)}>
        Delete
      </Button>
      <Problem error={publish.error} />
      {isAsked && (
        <Confirm
          title={`Delete ${template.name}?`}
          action="Delete"
          busy={remove.isPending && 'Deleting…'}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setIsAsked(false)}
        >
          <p>Sends that name it are refused from then on.</p>
          <Problem error={remove.error} />
        </Confirm>
      )}
    </>
  );
}
