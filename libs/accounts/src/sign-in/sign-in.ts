import { Inject, Injectable } from '@nestjs/common';
import { LoadBetterAuth } from './load-better-auth.js';

/** Somebody who is signed in. */
export interface SignedInUser {
  id: string;
  /** The session that says so. */
  sessionId: string;
  name: string;
  email: string;
  twoFactorEnabled: boolean;
}

/** The calls of `/auth/*`, and who a session's cookie belongs to. */
@Injectable()
export class SignIn {
  constructor(@Inject(LoadBetterAuth) private readonly load: LoadBetterAuth) {}

  /** Answers a request of `/auth/*`. */
  async handle(request: Request): Promise<Response> {
    return (await this.load.execute()).handler(request);
  }

  /** @param cookie the header @returns undefined when there is no session, or it is over */
  async userOf(cookie: string): Promise<SignedInUser | undefined> {
    const { api } = await this.load.execute();
    const found = await api.getSession({
      headers: new Headers({ cookie }),
      // Only `/auth/get-session` prolongs: it can renew the cookie with the row.
      query: { disableRefresh: true },
    });
    if (found === null) return undefined;
    const { id, name, email, twoFactorEnabled } = found.user;
    return { id, sessionId: found.session.id, name, email, twoFactorEnabled: twoFactorEnabled === true };
  }
}
