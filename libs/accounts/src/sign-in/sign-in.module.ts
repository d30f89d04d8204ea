import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Database } from '#libs/database';
import { Logger } from '#libs/telemetry';
import { AccountsModule } from '../accounts.module.js';
import { BootstrapOwner } from './bootstrap-owner.js';
import { MemberSessions } from './member-sessions.js';
import { BETTER_AUTH, SignIn } from './sign-in.js';
import { Welcome } from './welcome.js';

/** People: only where they sign in. Programs with keys (SMTP) and workers do without. */
@Module({
  imports: [AccountsModule],
  providers: [
    Welcome,
    {
      provide: BETTER_AUTH,
      inject: [CONFIG, Database, Welcome, Logger],
      // Loaded here and not above: programs that only check keys import this lib too.
      useFactory: async (config: Config, database: Database, welcome: Welcome, logger: Logger) =>
        (await import('./better-auth.js')).createBetterAuth(config, database.prisma, welcome, logger),
    },
    SignIn,
    MemberSessions,
    BootstrapOwner,
  ],
  exports: [SignIn, MemberSessions, BootstrapOwner],
})
export class SignInModule {}
