import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Database } from '#libs/database';
import { Logger } from '#libs/telemetry';
import type { BetterAuth } from './better-auth.js';
import { Welcome } from './welcome.js';

/** better-auth, loaded when somebody first signs in: it costs a second of CPU, which programs with keys need not pay. */
@Injectable()
export class LoadBetterAuth {
  private loading: Promise<BetterAuth> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(Database) private readonly database: Database,
    @Inject(Welcome) private readonly welcome: Welcome,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  execute(): Promise<BetterAuth> {
    this.loading ??= import('./better-auth.js').then(({ createBetterAuth }) =>
      createBetterAuth(this.config, this.database.prisma, this.welcome, this.logger),
    );
    return this.loading;
  }
}
