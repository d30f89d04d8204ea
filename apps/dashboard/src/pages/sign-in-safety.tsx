import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { auth } from '../api/auth';
import type { ApiError, Schemas } from '../api/client';
import { useApiMutation, useApiQuery } from '../api/hooks';
import { Button } from '../ui/button';
import { Input } from '../ui/field';
import { Card, Table } from '../ui/layout';
import { Loaded, Problem } from '../ui/state';
import { Time } from '../ui/time';
import { valueOf } from './door';

type Session = Schemas['SessionList']['data'][number];

/** Where somebody is signed in, and the way to end it elsewhere. */
export function Sessions() {
  const sessions = useApiQuery(['sessions'], (api) => api.GET('/v1/me/sessions'));
  const end = useApiMutation(
    (api, id: string) => api.DELETE('/v1/me/sessions/{id}', { params: { path: { id } } }),
    ['sessions'],
  );
  const endOthers = useApiMutation((api) => api.DELETE('/v1/me/sessions'), ['sessions']);
  return (
    <Card title="Sessions">
      <Loaded query={sessions} what="the sessions">
        {({ data }) => (
          <div className="flex flex-col gap-3">
            <Table label="Sessions" columns={['Browser', 'Address', 'Signed in', 'Actions']}>
              {data.map((session) => (
                <tr key={session.id}>
                  <td className="font-medium">{browserOf(session)}</td>
                  <td>{session.ip_address ?? ''}</td>
                  <td>
                    <Time at={session.created_at} isRelative />
                  </td>
                  <td>
                    {session.current ? (
                      'this one'
                    ) : (
                      <Button
                        aria-label={`Sign out ${browserOf(session)}, ${session.ip_address ?? 'somewhere'}`}
                        disabled={end.isPending}
                        onClick={() => end.mutate(session.id)}
                      >
                        Sign out
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
            <Problem error={end.error ?? endOthers.error} />
            {data.length > 1 && (
              <Button
                kind="danger"
                className="self-start"
                busy={endOthers.isPending && 'Signing out…'}
                onClick={() => endOthers.mutate(undefined)}
              >
                Sign out other sessions
              </Button>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

/** What a browser calls itself, in two words; all of them claim to be several. */
function browserOf({ user_agent: agent }: Session): string {
  if (agent === null || agent === '') return 'unknown';
  const first = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = first([
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]);
  const system = first([
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ]);
  if (browser === undefined) return agent.slice(0, 40);
  return system === undefined ? browser : `${browser} on ${system}`;
}

export function ChangePassword() {
  const form = useRef<HTMLFormElement>(null);
  const queries = useQueryClient();
  const change = useMutation<unknown, ApiError, FormData>({
    mutationFn: (fields) =>
      auth('change-password', {
        currentPassword: valueOf(fields, 'current'),
        newPassword: valueOf(fields, 'new'),
        revokeOtherSessions: true,
      }),
    onSuccess: async () => {
      form.current?.reset();
      await queries.invalidateQueries({ queryKey: [undefined, 'sessions'] });
    },
  });
  return (
    <Card title="Password">
      <form
        ref={form}
        className="flex flex-col gap-3 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(new FormData(event.currentTarget));
        }}
      >
        <Input
          label="Current password"
          name="current"
          type="password"
          autoComplete="current-password"
          required
        />
        <Input
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          hint="At least 10 characters. All other sessions are signed out."
        />
        <Problem error={change.error} />
        <div className="flex items-center gap-3">
          <Button type="submit" busy={change.isPending && 'Changing…'}>
            Change password
          </Button>
          <span role="status" className="text-sm text-good">
            {change.isSuccess && 'Changed.'}
          </span>
        </div>
      </form>
    </Card>
  );
}
