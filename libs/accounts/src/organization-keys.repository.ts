import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { apiKeyFields, type ApiKeyRecord } from './api-keys.repository.js';

@Injectable()
export class OrganizationKeysRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  create(
    organizationId: string,
    key: { id: string; name: string; tokenHash: Buffer },
  ): Promise<ApiKeyRecord> {
    return this.database.prisma.apiKey.create({
      data: {
        id: key.id,
        organizationId,
        name: key.name,
        permission: 'full_access',
        tokenHash: new Uint8Array(key.tokenHash),
      },
      select: apiKeyFields,
    });
  }

  /** Newest first. */
  list(organizationId: string): Promise<ApiKeyRecord[]> {
    return this.database.prisma.apiKey.findMany({
      where: { organizationId, projectId: null, revokedAt: null },
      orderBy: { id: 'desc' },
      select: apiKeyFields,
    });
  }

  /** @returns whether there was such a key */
  async revoke(organizationId: string, id: string): Promise<boolean> {
    const { count } = await this.database.prisma.apiKey.updateMany({
      where: { id, organizationId, projectId: null, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count > 0;
  }
}
