import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts.module.js';
import { BootstrapOwner } from './bootstrap-owner.js';
import { LoadBetterAuth } from './load-better-auth.js';
import { MemberSessions } from './member-sessions.js';
import { SignIn } from './sign-in.js';
import { SignInWays } from './sign-in-ways.js';
import { UserSessions } from './user-sessions.js';
import { UserSessionsRepository } from './user-sessions.repository.js';
import { Welcome } from './welcome.js';

/** People: only where they sign in. Programs with keys (SMTP) and workers do without. */
@Module({
  imports: [AccountsModule],
  providers: [
    Welcome,
    LoadBetterAuth,
    SignIn,
    MemberSessions,
    BootstrapOwner,
    UserSessions,
    UserSessionsRepository,
    SignInWays,
  ],
  exports: [SignIn, MemberSessions, BootstrapOwner, UserSessions, SignInWays],
})
export class SignInModule {}
