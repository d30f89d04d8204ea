import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

@Injectable()
export class OrganizationsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async create(id: string, name: string): Promise<void> {
    await this.database.prisma.organization.create({ data: { id, name } });
  }
}
