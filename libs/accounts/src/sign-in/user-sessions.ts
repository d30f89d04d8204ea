import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { notFound } from '#libs/errors';
import { KEY_REVOKED } from '../authenticate.js';
import type { SignedInUser } from './sign-in.js';
import { UserSessionsRepository, type UserSessionRecord } from './user-sessions.repository.js';

/** Where somebody is signed in. */
@Injectable()
export class UserSessions {
  constructor(
    @Inject(UserSessionsRepository) private readonly sessions: UserSessionsRepository,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  list(user: SignedInUser): Promise<UserSessionRecord[]> {
    return this.sessions.list(user.id, this.clock.now());
  }

  hasPassword(user: SignedInUser): Promise<boolean> {
    return this.sessions.hasPassword(user.id);
  }

  /** @throws AppError not_found */
  async end(user: SignedInUser, id: string): Promise<void> {
    if (!(await this.sessions.end(user.id, id))) throw notFound('Session');
    await this.endStreams(user);
  }

  /** All but the one that asks. @returns how many */
  async endOthers(user: SignedInUser): Promise<number> {
    const ended = await this.sessions.endOthers(user.id, user.sessionId);
    if (ended > 0) await this.endStreams(user);
    return ended;
  }

  /** A request asks for its session; a stream that is open did so when it began. */
  private endStreams(user: SignedInUser): Promise<void> {
    return this.broadcast.send(KEY_REVOKED, user.id);
  }
}
