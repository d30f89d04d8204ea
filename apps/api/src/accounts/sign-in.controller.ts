import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SignInWays } from '#libs/accounts';
import { Allow } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { signInSchema } from './account.schemas.js';

/** What the page before the sign-in needs to know. */
@ApiTags('Accounts')
@Allow('public')
@Controller('v1/sign-in')
export class SignInController {
  constructor(@Inject(SignInWays) private readonly ways: SignInWays) {}

  /** How people get in: who may sign up, and which provider there is. */
  @Get()
  @Answers(200, signInSchema)
  get() {
    const { signUp, providerName } = this.ways;
    const oidc = providerName === undefined ? null : { name: providerName };
    return { object: 'sign_in', sign_up: signUp, oidc };
  }
}
