import { Inject, Injectable } from '@nestjs/common';
import { SesGateway, type SendingSession } from '#libs/aws';
import { Logger } from '#libs/telemetry';
import { SystemSesAccountRepository } from './system-ses-account.repository.js';

/** Keeps rate and 24-hour quota of an SES account up to date while mail goes through it. */
@Injectable()
export class FollowQuota {
  constructor(
    @Inject(SystemSesAccountRepository) private readonly accounts: SystemSesAccountRepository,
    @Inject(SesGateway) private readonly ses: SesGateway,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Asks GetAccount when it is time; a failure leaves the last known quota in force. @returns whether there are new numbers */
  async execute(sesAccountId: string, session: SendingSession): Promise<boolean> {
    if (!(await this.accounts.claimQuotaCheck(sesAccountId))) return false;
    try {
      await this.accounts.storeQuota(
        sesAccountId,
        await this.ses.getAccount(session.credentials, session.region),
      );
      return true;
    } catch (error) {
      this.logger.warn('quota.check_failed', { sesAccountId, error });
      return false;
    }
  }
}
