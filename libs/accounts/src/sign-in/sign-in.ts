import { Inject, Injectable } from '@nestjs/common';
import type { BetterAuth } from './better-auth.js';

export const BETTER_AUTH = Symbol('sesame.better-auth');

/** Where it is mounted. */
export const AUTH_PATH = '/auth';
/** Set by us on each request, whatever the client sent under this name. */
export const CLIENT_ADDRESS_HEADER = 'x-sesame-client-address';

/** What the product decides about people who make themselves an account. */
export interface SignUps {
  /** @returns why this address may not sign up with a password, or undefined */
  refusal(email: string, invitation: string | undefined): Promise<string | undefined>;
  /** A new user gets an organization: the one that invited, or one of their own. */
  welcome(user: { id: string; name: string; email: string }, invitation: string | undefined): Promise<void>;
}

/** Somebody who is signed in. */
export interface SignedInUser {
  id: string;
  name: string;
  email: string;
  twoFactorEnabled: boolean;
}

/** The calls of `/auth/*`, and who a session's cookie belongs to. */
@Injectable()
export class SignIn {
  constructor(@Inject(BETTER_AUTH) private readonly auth: BetterAuth) {}

  /** Answers a request of `/auth/*`. */
  handle(request: Request): Promise<Response> {
    return this.auth.handler(request);
  }

  /** @param cookie the header @returns undefined when there is no session, or it is over */
  async userOf(cookie: string): Promise<SignedInUser | undefined> {
    const found = await this.auth.api.getSession({
      headers: new Headers({ cookie }),
      // Only `/auth/get-session` prolongs: it can renew the cookie with the row.
      query: { disableRefresh: true },
    });
    if (found === null) return undefined;
    const { id, name, email, twoFactorEnabled } = found.user;
    return { id, name, email, twoFactorEnabled: twoFactorEnabled === true };
  }
}
