/** Where it is mounted. */
export const AUTH_PATH = '/auth';
/** The dashboard's page for it. */
export const SIGN_IN_PAGE = '/app/sign-in';
/** Set by us on each request, whatever the client sent under this name. */
export const CLIENT_ADDRESS_HEADER = 'x-sesame-client-address';

/** What the product decides about people who make themselves an account. */
export interface SignUps {
  /** @returns why this address may not sign up with a password, or undefined */
  refusal(email: string, invitation: string | undefined): Promise<string | undefined>;
  /** A new user gets an organization: the one that invited, or one of their own. */
  welcome(user: { id: string; name: string; email: string }, invitation: string | undefined): Promise<void>;
}
