import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { PlatformPrincipal, PlatformState } from './platform-principal.js';

/** Who Sesame is at AWS: one row for the whole installation. */
@Injectable()
export class SystemPlatformPrincipalRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async read(): Promise<PlatformState> {
    const row = await this.database.prisma.platformPrincipal.findUnique({ where: { id: 1 } });
    if (row === null) return { principal: null, error: null, checkedAt: null };
    const { awsAccountId, arn, trustedArn, isSession, errorName, errorMessage, checkedAt } = row;
    const isKnown = awsAccountId !== null && arn !== null && trustedArn !== null;
    return {
      principal: isKnown ? { awsAccountId, arn, trustedArn, isSession } : null,
      error: errorName === null ? null : { name: errorName, message: errorMessage ?? '' },
      checkedAt,
    };
  }

  async saveIdentity(principal: PlatformPrincipal, checkedAt: Date): Promise<void> {
    await this.save({ ...principal, errorName: null, errorMessage: null, checkedAt });
  }

  /** Keeps the last identity that worked: the kit stays readable while credentials are being mended. */
  async saveError(error: { name: string; message: string }, checkedAt: Date): Promise<void> {
    await this.save({ errorName: error.name, errorMessage: error.message, checkedAt });
  }

  private async save(
    data: Partial<PlatformPrincipal> & {
      errorName: string | null;
      errorMessage: string | null;
      checkedAt: Date;
    },
  ): Promise<void> {
    await this.database.prisma.platformPrincipal.upsert({
      where: { id: 1 },
      create: { id: 1, ...data },
      update: data,
    });
  }
}
