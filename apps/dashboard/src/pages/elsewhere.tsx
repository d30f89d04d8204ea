import { useMutation, useQuery } from '@tanstack/react-query';
import { signInElsewhere } from '../api/auth';
import { apiOf, unwrap, type ApiError, type Schemas } from '../api/client';
import { Button } from '../ui/button';
import { Notice, Problem } from '../ui/state';

type SignInWays = Schemas['SignIn'];

/** How people get in on this installation; undefined until it is known. */
export function useSignInWays(): SignInWays | undefined {
  return useQuery<SignInWays, ApiError>({
    queryKey: ['sign-in'],
    queryFn: () => unwrap(apiOf(undefined).GET('/v1/sign-in')),
    staleTime: Infinity,
  }).data;
}

/** The button of the OpenID Connect provider, where there is one, and why it did not work the last time. */
export function Elsewhere({ to, error }: { to: string; error?: string | undefined }) {
  const ways = useSignInWays();
  const start = useMutation<void, ApiError>({ mutationFn: () => signInElsewhere(to) });
  const provider = ways?.oidc?.name;
  return (
    <>
      {error !== undefined && (
        <div role="alert">
          <Notice tone="bad">
            <p className="font-medium">You are not signed in.</p>
            <p>{reasonOf(error, provider ?? 'the provider')}</p>
          </Notice>
        </div>
      )}
      {provider !== undefined && (
        <>
          <Button
            kind={error === undefined ? 'primary' : 'plain'}
            // Also while it succeeds: the browser is on its way.
            busy={(start.isPending || start.isSuccess) && `To ${provider}…`}
            onClick={() => start.mutate()}
          >
            Continue with {provider}
          </Button>
          <Problem error={start.error} />
          <p className="text-center text-sm text-muted">or with a password</p>
        </>
      )}
    </>
  );
}

/** The codes of OAuth and of better-auth, in words. @param code from the address: never shown as it is but for its letters */
function reasonOf(code: string, provider: string): string {
  switch (code) {
    case 'access_denied':
      return `The sign-in was refused or canceled at ${provider}. Try again, or ask its administrator for access to Sesame.`;
    case 'account_not_linked':
      return `There is an account with your e-mail address already. Sign in with its password: ${provider} cannot take it over.`;
    case 'state_mismatch':
    case 'state_not_found':
    case 'please_restart_the_process':
    case 'invalid_state':
      return 'The sign-in took too long, or was begun in another browser. Begin again.';
    case 'email_not_found':
      return `${provider} does not tell Sesame your e-mail address. Its administrator must release the claim “email”.`;
    case 'temporarily_unavailable':
    case 'server_error':
      return `${provider} has a problem of its own. Try again later.`;
    case 'signup_disabled':
      return 'There is no account for you here. Ask a member of your organization for an invitation.';
    default:
      return `${provider} and Sesame did not agree (${code.replace(/\W/g, '').slice(0, 40)}). The operator finds it in the log.`;
  }
}
