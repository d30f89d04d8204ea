import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';

export interface ProjectRecord {
  id: string;
  name: string;
  delivery: string;
  weight: number;
  /** Null: as long as the emails. */
  contentRetentionDays: number | null;
  createdAt: Date;
}

export interface ProjectChanges {
  name?: string;
  delivery?: string;
  weight?: number;
  contentRetentionDays?: number | null;
}

const select = {
  id: true,
  name: true,
  delivery: true,
  weight: true,
  contentRetentionDays: true,
  createdAt: true,
} as const;

@Injectable()
export class ProjectsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  create(organizationId: string, name: string): Promise<ProjectRecord> {
    return this.database.prisma.project.create({ data: { id: newId(), organizationId, name }, select });
  }

  list(organizationId: string): Promise<ProjectRecord[]> {
    return this.database.prisma.project.findMany({
      where: { organizationId, deletedAt: null },
      orderBy: { id: 'desc' },
      select,
    });
  }

  find(organizationId: string, id: string): Promise<ProjectRecord | null> {
    return this.database.prisma.project.findFirst({ where: { id, organizationId, deletedAt: null }, select });
  }

  async update(organizationId: string, id: string, changes: ProjectChanges): Promise<boolean> {
    const { count } = await this.database.prisma.project.updateMany({
      where: { id, organizationId, deletedAt: null },
      data: changes,
    });
    return count > 0;
  }

  /** Marks the project deleted and its keys revoked; its mail and audit trail stay until retention takes them. */
  async remove(organizationId: string, id: string): Promise<boolean> {
    const now = new Date();
    const [removed] = await this.database.prisma.$transaction([
      this.database.prisma.project.updateMany({
        where: { id, organizationId, deletedAt: null },
        data: { deletedAt: now },
      }),
      this.database.prisma.apiKey.updateMany({
        where: { projectId: id, organizationId, revokedAt: null },
        data: { revokedAt: now },
      }),
      this.database.prisma.webhook.updateMany({
        where: { projectId: id, project: { organizationId }, status: 'enabled' },
        data: { status: 'disabled', disabledReason: 'project_deleted', disabledAt: now, wakeAt: null },
      }),
    ]);
    return removed.count > 0;
  }

  /** The project that a connection of this organization belongs to. */
  async projectOfConnection(organizationId: string, connectionId: string): Promise<string | undefined> {
    const connection = await this.database.prisma.connection.findFirst({
      where: { id: connectionId, project: { organizationId, deletedAt: null } },
      select: { projectId: true },
    });
    return connection?.projectId;
  }
}
