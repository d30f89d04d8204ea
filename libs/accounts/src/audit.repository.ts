import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';

/** Who did what: appended, never changed. */
@Injectable()
export class AuditRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @param data ids and settings, never a secret */
  async append(
    organizationId: string,
    projectId: string | undefined,
    actor: string,
    action: string,
    target: string,
    data: object,
  ): Promise<void> {
    await this.database.prisma.auditEntry.create({
      data: {
        id: newId(),
        organizationId,
        projectId: projectId ?? null,
        actor,
        action,
        target,
        data: { ...data },
      },
    });
  }
}
