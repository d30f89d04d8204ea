import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { apiOf, unwrap, type ApiError, type Schemas } from '../api/client';
import { useMe } from '../api/me';
import { selectOrganization } from '../api/organization';
import { Button, buttonClass } from '../ui/button';
import { Problem, Waiting } from '../ui/state';
import { Door } from './door';

/** Where the link of an invitation leads. */
export function Invitation() {
  const { token } = useParams({ from: '/invitations/$token' });
  const me = useMe();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const accept = useMutation<Schemas['Membership'], ApiError>({
    mutationFn: () =>
      unwrap(apiOf(undefined).POST('/v1/invitations/{token}/accept', { params: { path: { token } } })),
    onSuccess: ({ organization_id: id }) => {
      selectOrganization(id);
      queries.clear();
      void navigate({ to: '/projects' });
    },
  });
  if (me.isPending) return <Waiting>Looking who you are…</Waiting>;
  if (me.data === undefined)
    return (
      <Door title="You are invited" onSubmit={() => undefined}>
        <p className="text-muted">Use the e-mail address that was invited.</p>
        <Link to="/sign-up" search={{ invitation: token }} className={buttonClass('primary')}>
          Create an account
        </Link>
        <Link to="/sign-in" search={{ to: `/invitations/${token}` }} className={buttonClass()}>
          I have an account
        </Link>
      </Door>
    );
  return (
    <Door title="You are invited" onSubmit={() => accept.mutate()}>
      <p className="text-muted">You are signed in as {me.data.user.email}.</p>
      <Problem error={accept.error} />
      <Button kind="primary" type="submit" busy={accept.isPending && 'Joining…'}>
        Join the organization
      </Button>
    </Door>
  );
}
