import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { auth } from '../api/auth';
import type { ApiError } from '../api/client';
import { Button } from '../ui/button';
import { Input } from '../ui/field';
import { Notice, Problem } from '../ui/state';
import { Door, valueOf } from './door';
import { Elsewhere, useSignInWays } from './elsewhere';

export function SignUp() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { invitation } = useSearch({ from: '/sign-up' });
  const ways = useSignInWays();
  const signUp = useMutation<unknown, ApiError, FormData>({
    mutationFn: (form) =>
      auth('sign-up/email', {
        name: valueOf(form, 'name'),
        email: valueOf(form, 'email'),
        password: valueOf(form, 'password'),
        ...(invitation !== undefined && { invitation }),
      }),
    onSuccess: () => {
      queries.clear();
      void navigate({ to: '/projects' });
    },
  });
  return (
    <Door title="Create an account" onSubmit={signUp.mutate}>
      {ways?.sign_up === 'closed' && (
        <Notice tone="warn">Accounts are made by the operator of this installation.</Notice>
      )}
      {ways?.sign_up === 'invited' && invitation === undefined && (
        <Notice tone="warn">
          An invitation is needed: open the link that a member of your organization gave you.
        </Notice>
      )}
      <Elsewhere to={invitation === undefined ? '/projects' : `/invitations/${invitation}`} />
      <Input label="Your name" name="name" autoComplete="name" required autoFocus />
      <Input label="E-mail" name="email" type="email" autoComplete="username" required />
      <Input
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        hint="At least 10 characters."
      />
      <Problem error={signUp.error} />
      <Button kind="primary" type="submit" busy={signUp.isPending && 'Creating the account…'}>
        Create the account
      </Button>
      <p className="text-sm text-muted">
        Have one?{' '}
        <Link to="/sign-in" className="text-accent underline">
          Sign in
        </Link>
      </p>
    </Door>
  );
}
