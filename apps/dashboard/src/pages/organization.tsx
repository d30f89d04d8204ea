import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { apiOf, unwrap, type ApiError, type Schemas } from '../api/client';
import { useApiMutation, useApiQuery } from '../api/hooks';
import { useMay, useMe, useOrganizationId, useSelectOrganization } from '../api/me';
import { Allowed } from '../ui/allowed';
import { Button } from '../ui/button';
import { Confirm } from '../ui/confirm';
import { Input } from '../ui/field';
import { Card, PageHead } from '../ui/layout';
import { Loaded, Problem } from '../ui/state';
import { NewOrganization } from './new-organization';
import { OrganizationKeys } from './organization-keys';

type Organization = Schemas['Organization'];

export function OrganizationPage() {
  const id = useOrganizationId();
  const mayMakeAnother = useMe().data?.may_create_organization === true;
  const organization = useApiQuery(['organization'], (api) =>
    api.GET('/v1/organizations/{id}', { params: { path: { id } } }),
  );
  return (
    <>
      <PageHead
        title="Organization"
        about="What belongs to all projects: its name, the keys of programs that manage it, and how to end it."
      />
      <Loaded query={organization} what="the organization">
        {(one) => (
          <div key={one.id} className="flex flex-col gap-5">
            <Rename organization={one} />
            <Allowed to="administer" what="see or make keys of the organization">
              <OrganizationKeys organizationId={one.id} />
            </Allowed>
            {mayMakeAnother && <NewOrganization title="Another organization" />}
            <Leave organization={one} />
            <Allowed to="own">
              <Remove organization={one} />
            </Allowed>
          </div>
        )}
      </Loaded>
    </>
  );
}

function Rename({ organization }: { organization: Organization }) {
  const [name, setName] = useState(organization.name);
  const mayRename = useMay('administer');
  const queries = useQueryClient();
  const save = useApiMutation(
    (api) =>
      api.PATCH('/v1/organizations/{id}', { params: { path: { id: organization.id } }, body: { name } }),
    ['organization'],
    () => void queries.invalidateQueries({ queryKey: ['me'] }),
  );
  return (
    <Card title="Name">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <Input
          label="Name of the organization"
          required
          maxLength={100}
          disabled={!mayRename}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Problem error={save.error} />
        {mayRename && (
          <div className="flex items-center gap-3">
            <Button type="submit" disabled={name === organization.name} busy={save.isPending && 'Saving…'}>
              Rename
            </Button>
            <span role="status" className="text-sm text-good">
              {save.isSuccess && name === organization.name && 'Saved.'}
            </span>
          </div>
        )}
      </form>
    </Card>
  );
}

/** Away from here, to the first organization that is left. */
function useGoElsewhere(): () => Promise<void> {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const select = useSelectOrganization();
  return async () => {
    select(undefined);
    await navigate({ to: '/projects' });
    await queries.resetQueries();
  };
}

function Leave({ organization }: { organization: Organization }) {
  const [isAsked, setIsAsked] = useState(false);
  const goElsewhere = useGoElsewhere();
  const leave = useMutation<unknown, ApiError>({
    mutationFn: () =>
      unwrap(
        apiOf(undefined).POST('/v1/organizations/{id}/leave', { params: { path: { id: organization.id } } }),
      ),
    onSuccess: goElsewhere,
  });
  return (
    <Card title="Leave this organization">
      <p className="mb-3 text-muted">
        You lose sight of it at once, and organization keys that you made stop working. The last owner cannot
        leave.
      </p>
      <Button kind="danger" onClick={() => setIsAsked(true)}>
        Leave organization
      </Button>
      {isAsked && (
        <Confirm
          title={`Leave ${organization.name}?`}
          action="Leave"
          busy={leave.isPending && 'Leaving…'}
          onConfirm={() => leave.mutate()}
          onClose={() => setIsAsked(false)}
        >
          <p>Only an invitation brings you back. Its projects and their keys stay as they are.</p>
          <Problem error={leave.error} />
        </Confirm>
      )}
    </Card>
  );
}

function Remove({ organization }: { organization: Organization }) {
  const [typed, setTyped] = useState('');
  const goElsewhere = useGoElsewhere();
  const remove = useMutation<unknown, ApiError>({
    mutationFn: () =>
      unwrap(
        apiOf(undefined).DELETE('/v1/organizations/{id}', {
          params: { path: { id: organization.id }, query: { confirm: typed } },
        }),
      ),
    onSuccess: goElsewhere,
  });
  return (
    <Card title="Delete this organization">
      <form
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate();
        }}
      >
        <p className="text-muted">
          Delete its projects first. Then its members lose it, and its keys and open invitations stop working,
          at once and for good. Its audit log is kept by the operator.
        </p>
        <Input
          label={`Type “${organization.name}” to confirm`}
          required
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Problem error={remove.error} />
        <Button
          kind="danger"
          type="submit"
          disabled={typed !== organization.name}
          busy={remove.isPending && 'Deleting…'}
          className="self-start"
        >
          Delete organization
        </Button>
      </form>
    </Card>
  );
}
