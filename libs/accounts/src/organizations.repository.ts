import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

export interface OrganizationRecord {
  id: string;
  name: string;
  createdAt: Date;
}

const select = { id: true, name: true, createdAt: true } as const;

@Injectable()
export class OrganizationsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async create(id: string, name: string): Promise<void> {
    await this.database.prisma.organization.create({ data: { id, name } });
  }

  find(id: string): Promise<OrganizationRecord | null> {
    return this.database.prisma.organization.findUnique({ where: { id }, select });
  }

  rename(id: string, name: string): Promise<OrganizationRecord> {
    return this.database.prisma.organization.update({ where: { id }, data: { name }, select });
  }
}
