import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Role } from '../policy.js';

export interface InvitationRecord {
  id: string;
  organizationId: string;
  email: string;
  role: Role;
  expiresAt: Date;
  createdAt: Date;
}

@Injectable()
export class InvitationsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async create(
    organizationId: string,
    invitation: {
      id: string;
      email: string;
      role: Role;
      tokenHash: Buffer;
      invitedBy: string;
      expiresAt: Date;
    },
  ): Promise<InvitationRecord> {
    const row = await this.database.prisma.invitation.create({
      data: { ...invitation, organizationId, tokenHash: new Uint8Array(invitation.tokenHash) },
      select,
    });
    return toRecord(row);
  }

  /** Those that can still be accepted, newest first. */
  async listOpen(organizationId: string, now: Date): Promise<InvitationRecord[]> {
    const rows = await this.database.prisma.invitation.findMany({
      where: { organizationId, acceptedAt: null, revokedAt: null, expiresAt: { gt: now } },
      orderBy: { id: 'desc' },
      select,
    });
    return rows.map(toRecord);
  }

  /** @returns whether there was such an open one */
  async revoke(organizationId: string, id: string, now: Date): Promise<boolean> {
    const { count } = await this.database.prisma.invitation.updateMany({
      where: { id, organizationId, acceptedAt: null, revokedAt: null },
      data: { revokedAt: now },
    });
    return count > 0;
  }

  /** Before the organization is known: the token, 256 random bits, tells it. Unique index on token_hash. */
  async findOpen(tokenHash: Buffer, now: Date): Promise<InvitationRecord | undefined> {
    const row = await this.database.prisma.invitation.findFirst({
      where: {
        tokenHash: new Uint8Array(tokenHash),
        acceptedAt: null,
        revokedAt: null,
        expiresAt: { gt: now },
      },
      select,
    });
    return row === null ? undefined : toRecord(row);
  }

  /** Once: of two who accept at the same time, one. @returns whether it was this call that took it */
  async take(organizationId: string, id: string, now: Date): Promise<boolean> {
    const { count } = await this.database.prisma.invitation.updateMany({
      where: { id, organizationId, acceptedAt: null, revokedAt: null },
      data: { acceptedAt: now },
    });
    return count > 0;
  }
}

const select = {
  id: true,
  organizationId: true,
  email: true,
  role: true,
  expiresAt: true,
  createdAt: true,
} as const;

function toRecord(row: Omit<InvitationRecord, 'role'> & { role: string }): InvitationRecord {
  return { ...row, role: row.role as Role };
}
