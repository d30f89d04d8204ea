import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts.module.js';
import { BootstrapOwner } from './bootstrap-owner.js';
import { LoadBetterAuth } from './load-better-auth.js';
import { MemberSessions } from './member-sessions.js';
import { SignIn } from './sign-in.js';
import { Welcome } from './welcome.js';

/** People: only where they sign in. Programs with keys (SMTP) and workers do without. */
@Module({
  imports: [AccountsModule],
  providers: [Welcome, LoadBetterAuth, SignIn, MemberSessions, BootstrapOwner],
  exports: [SignIn, MemberSessions, BootstrapOwner],
})
export class SignInModule {}
