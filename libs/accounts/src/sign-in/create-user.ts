import { Inject, Injectable } from '@nestjs/common';
import type { BetterAuth } from './better-auth.js';
import { BETTER_AUTH } from './sign-in.js';

/** Makes a user with a password, for an operator at the command line. */
@Injectable()
export class CreateUser {
  constructor(@Inject(BETTER_AUTH) private readonly auth: BetterAuth) {}

  /** @returns the new user's id @throws when the address is taken */
  async execute(user: { name: string; email: string; password: string }): Promise<string> {
    const { internalAdapter, password } = await this.auth.$context;
    const { id } = await internalAdapter.createUser({
      name: user.name,
      email: user.email.toLowerCase(),
      emailVerified: false,
    });
    await internalAdapter.linkAccount({
      userId: id,
      providerId: 'credential',
      accountId: id,
      password: await password.hash(user.password),
    });
    return id;
  }
}
