import { Controller, Delete, Get, Inject, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { UserSessions, type SignedInUser } from '#libs/accounts';
import { Allow, SignedIn } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { deletedSchema } from '../projects/project.schemas.js';
import { endedSessionsSchema, sessionListSchema } from './account.schemas.js';

/** Where the caller is signed in. */
@ApiTags('Accounts')
@Allow('user')
@Controller('v1/me/sessions')
export class SessionsController {
  constructor(@Inject(UserSessions) private readonly sessions: UserSessions) {}

  /** Newest first. */
  @Get()
  @Answers(200, sessionListSchema)
  async list(@SignedIn() user: SignedInUser) {
    const sessions = await this.sessions.list(user);
    return {
      object: 'list',
      has_more: false,
      data: sessions.map((session) => ({
        object: 'session',
        id: session.id,
        current: session.id === user.sessionId,
        ip_address: session.ipAddress,
        user_agent: session.userAgent,
        created_at: session.createdAt.toISOString(),
        last_used_at: session.updatedAt.toISOString(),
        expires_at: session.expiresAt.toISOString(),
      })),
    };
  }

  /** Ends all but the one that asks. */
  @Delete()
  @Answers(200, endedSessionsSchema)
  async endOthers(@SignedIn() user: SignedInUser) {
    return { object: 'ended_sessions', ended: await this.sessions.endOthers(user) };
  }

  @Delete(':id')
  @Answers(200, deletedSchema)
  async end(@SignedIn() user: SignedInUser, @Param('id', { schema: z.uuid() }) id: string) {
    await this.sessions.end(user, id);
    return { object: 'session', id, deleted: true };
  }
}
