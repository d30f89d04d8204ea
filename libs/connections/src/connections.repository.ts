import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { notFound } from '#libs/errors';
import { appendAudit } from './audit.repository.js';
import { connectionNotFound } from './connection-errors.js';
import { toConnection, toView, type ConnectionView } from './connection-row.repository.js';
import type { AuditNote } from './connection-change.js';
import type { Connection } from './connection.js';

export interface NewConnection {
  id: string;
  name: string;
  region: string;
  externalId: string;
  createdAt: Date;
}

/** Connections of one project. */
@Injectable()
export class ConnectionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** With its lane, so that the hot path never has to make one. @throws AppError `project.not_found` */
  async insert(projectId: string, connection: NewConnection, audit: AuditNote): Promise<void> {
    await this.database.prisma.$transaction(async (tx) => {
      const project = await tx.project.findFirst({
        where: { id: projectId, deletedAt: null },
        select: { id: true },
      });
      if (project === null) throw notFound('Project');
      await tx.connection.create({ data: { ...connection, projectId, lane: { create: {} } } });
      await appendAudit(tx, projectId, connection.id, audit, connection.createdAt);
    });
  }

  /** @throws AppError `connection.not_found` */
  async get(projectId: string, id: string): Promise<Connection> {
    const row = await this.database.prisma.connection.findFirst({ where: { id, projectId } });
    if (row === null) throw connectionNotFound();
    return toConnection(row);
  }

  /** @throws AppError `connection.not_found` */
  async view(projectId: string, id: string): Promise<ConnectionView> {
    const row = await this.database.asOfOneMoment((tx) =>
      tx.connection.findFirst({
        where: { id, projectId },
        include: { checks: true, sesAccount: true },
      }),
    );
    if (row === null) throw connectionNotFound();
    return toView(row);
  }

  /** Oldest first; disconnected ones included, because their mail is still shown. */
  async list(projectId: string): Promise<ConnectionView[]> {
    const rows = await this.database.asOfOneMoment((tx) =>
      tx.connection.findMany({
        where: { projectId },
        include: { checks: true, sesAccount: true },
        orderBy: { id: 'asc' },
      }),
    );
    return rows.map(toView);
  }

  /** Purposes that have sealed credentials now. */
  async sessionPurposes(projectId: string, id: string): Promise<string[]> {
    const rows = await this.database.prisma.connectionSession.findMany({
      where: { connectionId: id, connection: { projectId }, sealedCredentials: { not: null } },
      select: { purpose: true },
    });
    return rows.map((row) => row.purpose);
  }
}
