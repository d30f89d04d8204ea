import { Inject, Injectable } from '@nestjs/common';
import { Authenticate, RateLimiter } from '#libs/accounts';
import type { Sender } from '#libs/emails';
import { AppError } from '#libs/errors';
import { Reply } from './reply.js';

/** Resend's, so that its users change only the host; and ours. */
const userNames = new Set(['resend', 'sesame']);

/** Turns a user name and password, or what is kept of them, into who is sending. */
@Injectable()
export class Login {
  constructor(
    @Inject(Authenticate) private readonly authenticate: Authenticate,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
  ) {}

  /** @throws Reply 535 for wrong credentials, 454 when they cannot be looked up now */
  async execute(userName: string | undefined, password: string): Promise<Sender> {
    if (userName === undefined || !userNames.has(userName.toLowerCase()))
      throw new Reply(535, '5.7.8 The user name is "resend" (or "sesame"), the password an API key');
    try {
      return await this.senderOf(password);
    } catch (error) {
      if (error instanceof Reply) throw error;
      throw new Reply(454, '4.7.0 Logging in is not possible just now: try again');
    }
  }

  /**
   * For each message: a key may have been revoked since it logged in, and a submission counts as a request.
   *
   * @throws Reply 535; AppError rate_limited
   */
  async again(password: string): Promise<Sender> {
    const sender = await this.senderOf(password);
    const { refusal } = this.limiter.charge(sender.projectId);
    if (refusal !== undefined) throw refusal;
    return sender;
  }

  private async senderOf(password: string): Promise<Sender> {
    const principal = await this.authenticate.execute(`Bearer ${password}`).catch((error: unknown) => {
      if (error instanceof AppError) throw new Reply(535, '5.7.8 API key is invalid');
      throw error;
    });
    const { projectId, keyId: apiKeyId, domain } = principal;
    if (projectId === undefined)
      throw new Reply(535, '5.7.8 This API key manages an organization: use a key of a project');
    return { projectId, apiKeyId, domain };
  }
}
