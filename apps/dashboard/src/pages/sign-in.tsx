import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { auth, signIn } from '../api/auth';
import type { ApiError } from '../api/client';
import { Button } from '../ui/button';
import { Input } from '../ui/field';
import { Problem } from '../ui/state';
import { Elsewhere, useSignInWays } from './elsewhere';
import { Door, valueOf } from './door';

export function SignIn() {
  const [needsCode, setNeedsCode] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { to, error } = useSearch({ from: '/sign-in' });
  const ways = useSignInWays();
  const enter = () => {
    queries.clear();
    void navigate({ to: to ?? '/projects' });
  };
  const password = useMutation<boolean, ApiError, FormData>({
    mutationFn: (form) => signIn(valueOf(form, 'email'), valueOf(form, 'password')),
    onSuccess: (isCodeWanted) => (isCodeWanted ? setNeedsCode(true) : enter()),
  });
  const code = useMutation<unknown, ApiError, FormData>({
    mutationFn: (form) => auth('two-factor/verify-totp', { code: valueOf(form, 'code').replaceAll(' ', '') }),
    onSuccess: enter,
  });
  if (needsCode)
    return (
      <Door title="Enter the code" onSubmit={code.mutate} key="code">
        <Input
          label="Code of your authenticator"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          autoFocus
        />
        <Problem error={code.error} />
        <Button kind="primary" type="submit" busy={code.isPending && 'Checking…'}>
          Continue
        </Button>
      </Door>
    );
  return (
    <Door title="Sign in" onSubmit={password.mutate} key="password">
      <Elsewhere to={to ?? '/projects'} error={error} />
      <Input label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
      <Input label="Password" name="password" type="password" autoComplete="current-password" required />
      <Problem error={password.error} />
      <Button kind="primary" type="submit" busy={password.isPending && 'Signing in…'}>
        Sign in
      </Button>
      {ways?.sign_up === 'open' && (
        <p className="text-sm text-muted">
          New here?{' '}
          <Link to="/sign-up" className="text-accent underline">
            Create an account
          </Link>
        </p>
      )}
    </Door>
  );
}
