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

interface SignInAnswer {
  twoFactorRedirect?: boolean;
}

/** @returns whether a code of the authenticator is wanted as well */
export async function signIn(email: string, password: string): Promise<boolean> {
  const answer = await auth<SignInAnswer>('sign-in/email', { email, password });
  return answer.twoFactorRedirect === true;
}
