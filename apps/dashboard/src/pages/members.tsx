import { useState } from 'react';
import type { Schemas } from '../api/client';
import { useApiMutation, useApiQuery } from '../api/hooks';
import { useMe, useOrganizationId } from '../api/me';
import { Allowed } from '../ui/allowed';
import { Button } from '../ui/button';
import { Confirm } from '../ui/confirm';
import { CopyLine } from '../ui/copy';
import { Input, Select } from '../ui/field';
import { Card, PageHead, Table } from '../ui/layout';
import { Loaded, Notice, Problem } from '../ui/state';
import { Time } from '../ui/time';

type Member = Schemas['Member'];
const roles: Readonly<Record<Member['role'], string>> = {
  viewer: 'Viewer: looks at everything',
  developer: 'Developer: sends, manages what is in projects',
  admin: 'Admin: manages members, projects and keys as well',
  owner: 'Owner: everything',
};
const stale = ['members', 'invitations'];

export function Members() {
  const id = useOrganizationId();
  const [removing, setRemoving] = useState<Member>();
  const may = useMe().data?.may;
  const members = useApiQuery(['members'], (api) =>
    api.GET('/v1/organizations/{id}/members', { params: { path: { id } } }),
  );
  const change = useApiMutation(
    (api, { userId, role }: { userId: string; role: Member['role'] }) =>
      api.PATCH('/v1/organizations/{id}/members/{userId}', {
        params: { path: { id, userId } },
        body: { role },
      }),
    stale,
  );
  return (
    <>
      <PageHead title="Members" about="People of this organization, and what they may do in its projects." />
      <div className="flex flex-col gap-6">
        <Problem error={change.error} />
        <Loaded query={members} what="the members">
          {({ data }) => (
            <Table label="Members" columns={['Name', 'E-mail', 'Role', 'Second factor', 'Since', 'Actions']}>
              {data.map((member) => (
                <tr key={member.user_id}>
                  <td className="font-medium">{member.name}</td>
                  <td className="break-all">{member.email}</td>
                  <td>
                    <select
                      aria-label={`Role of ${member.name}`}
                      value={member.role}
                      disabled={may?.administer !== true || change.isPending}
                      onChange={(event) =>
                        change.mutate({ userId: member.user_id, role: event.target.value as Member['role'] })
                      }
                      className="rounded-lg border border-line-strong bg-card px-2 py-1"
                    >
                      {Object.keys(roles).map((role) => (
                        <option key={role}>{role}</option>
                      ))}
                    </select>
                  </td>
                  <td>{member.two_factor_enabled ? 'on' : 'off'}</td>
                  <td>
                    <Time at={member.created_at} isRelative />
                  </td>
                  <td>
                    <Allowed to="administer">
                      <Button
                        kind="danger"
                        aria-label={`Remove ${member.name}`}
                        onClick={() => setRemoving(member)}
                      >
                        Remove
                      </Button>
                    </Allowed>
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
        {may?.administer === true && <Invitations id={id} />}
      </div>
      {removing !== undefined && <Remove id={id} member={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

function Invitations({ id }: { id: string }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Member['role']>('developer');
  const path = { params: { path: { id } } };
  const open = useApiQuery(['invitations'], (api) => api.GET('/v1/organizations/{id}/invitations', path));
  const invite = useApiMutation(
    (api) => api.POST('/v1/organizations/{id}/invitations', { ...path, body: { email, role } }),
    stale,
    () => setEmail(''),
  );
  const revoke = useApiMutation(
    (api, invitationId: string) =>
      api.DELETE('/v1/organizations/{id}/invitations/{invitationId}', {
        params: { path: { id, invitationId } },
      }),
    stale,
  );
  return (
    <Card title="Invite somebody">
      <form
        className="grid gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate(undefined);
        }}
      >
        <Input
          label="E-mail"
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Select label="Role" value={role} onChange={(event) => setRole(event.target.value as Member['role'])}>
          {Object.entries(roles).map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </Select>
        <div className="flex flex-col gap-3 sm:col-span-2">
          <Problem error={invite.error ?? revoke.error} />
          <Button kind="primary" type="submit" busy={invite.isPending && 'Inviting…'} className="self-start">
            Invite
          </Button>
          {invite.data !== undefined && (
            <Notice tone="good">
              <p className="mb-2 font-medium">
                Send this link to {invite.data.email}; it is shown this once.
              </p>
              <CopyLine label="the link of the invitation" value={invite.data.url} />
            </Notice>
          )}
        </div>
      </form>
      {open.data !== undefined && open.data.data.length > 0 && (
        <div className="mt-4">
          <Table label="Open invitations" columns={['Invited', 'As', 'Until', 'Actions']}>
            {open.data.data.map((invitation) => (
              <tr key={invitation.id}>
                <td className="break-all">{invitation.email}</td>
                <td>{invitation.role}</td>
                <td>
                  <Time at={invitation.expires_at} />
                </td>
                <td>
                  <Button
                    aria-label={`Revoke the invitation of ${invitation.email}`}
                    onClick={() => revoke.mutate(invitation.id)}
                  >
                    Revoke
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </Card>
  );
}

function Remove({ id, member, onClose }: { id: string; member: Member; onClose: () => void }) {
  const remove = useApiMutation(
    (api) =>
      api.DELETE('/v1/organizations/{id}/members/{userId}', {
        params: { path: { id, userId: member.user_id } },
      }),
    stale,
    onClose,
  );
  return (
    <Confirm
      title={`Remove ${member.name}?`}
      action="Remove"
      busy={remove.isPending && 'Removing…'}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        They lose sight of this organization at once, and organization keys that they made stop working. Keys
        of projects stay.
      </p>
      <Problem error={remove.error} />
    </Confirm>
  );
}
