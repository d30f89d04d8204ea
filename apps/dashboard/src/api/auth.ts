import { toApiError, ApiError } from './client';

/** The sign-in routes are better-auth's and not part of the API's document. @throws ApiError */
export async function auth<T = unknown>(path: string, body: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/auth/${path}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, 'Sesame could not be reached.', undefined, 'Check the connection and try again.');
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw toApiError(response.status, answer);
  return answer as T;
}

/**
 * Goes to the OpenID Connect provider.
 *
 * @param to where to go afterwards, below /app; on a refusal it is the sign-in page
 */
export async function signInElsewhere(to: string): Promise<void> {
  // better-auth takes plain addresses only; whatever else is in one can wait for the next click.
  const target = /^\/[\w\-.+/@]*(\?[\w\-.+/=&%@]*)?$/.test(to) ? to : '/projects';
  const { url } = await auth<{ url: string }>('sign-in/social', {
    provider: 'oidc',
    callbackURL: `/app${target}`,
    errorCallbackURL: `/app/sign-in?to=${encodeURIComponent(target)}`,
  });
  window.location.assign(url);
}

interface SignInAnswer {
  twoFactorRedirect?: boolean;
}

/** @returns whether a code of the authenticator is wanted as well */
export async function signIn(email: string, password: string): Promise<boolean> {
  const answer = await auth<SignInAnswer>('sign-in/email', { email, password });
  return answer.twoFactorRedirect === true;
}
