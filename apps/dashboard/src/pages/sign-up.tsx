import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { auth } from '../api/auth';
import type { ApiError } from '../api/client';
import { Button } from '../ui/button';
import { Input } from '../ui/field';
import { Problem } from '../ui/state';
import { Door, valueOf } from './door';

export function SignUp() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { invitation } = useSearch({ from: '/sign-up' });
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
