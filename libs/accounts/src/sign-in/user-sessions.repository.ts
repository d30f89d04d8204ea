import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

export interface UserSessionRecord {
  id: string;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Date;
  /** Good to a day: a session is prolonged that often. */
  updatedAt: Date;
  expiresAt: Date;
}

/** Sessions as better-auth keeps them: who deletes a row ends one. Never their tokens. */
@Injectable()
export class UserSessionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Those that are not over, newest first. Index user_sessions_user_id_idx. */
  list(userId: string, now: Date): Promise<UserSessionRecord[]> {
    return this.database.prisma.userSession.findMany({
      where: { userId, expiresAt: { gt: now } },
      orderBy: { id: 'desc' },
      select: {
        id: true,
        ipAddress: true,
        userAgent: true,
        createdAt: true,
        updatedAt: true,
        expiresAt: true,
      },
    });
  }

  /** @returns whether there was such a session */
  async end(userId: string, id: string): Promise<boolean> {
    const { count } = await this.database.prisma.userSession.deleteMany({ where: { id, userId } });
    return count > 0;
  }

  /** @returns how many ended */
  async endOthers(userId: string, id: string): Promise<number> {
    const { count } = await this.database.prisma.userSession.deleteMany({
      where: { userId, id: { not: id } },
    });
    return count;
  }

  /** Whether the user can sign in with a password, and not only by the OpenID Connect provider. */
  async hasPassword(userId: string): Promise<boolean> {
    const where = { userId, providerId: 'credential' };
    return (await this.database.prisma.userAccount.count({ where })) > 0;
  }
}
