import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';

/** How people get in on this installation: nothing about it is secret. */
@Injectable()
export class SignInWays {
  readonly signUp: Config['accounts']['signUp'];
  /** What people call the OpenID Connect provider; undefined: there is none. */
  readonly providerName: string | undefined;

  constructor(@Inject(CONFIG) config: Config) {
    this.signUp = config.accounts.signUp;
    this.providerName = config.accounts.oidc?.name;
  }
}
