import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, StsGateway } from '#libs/aws';
import { Clock } from '#libs/crypto';
import { Logger } from '#libs/telemetry';
import { describePrincipal, type PlatformState } from './platform-principal.js';
import { SystemPlatformPrincipalRepository } from './system-platform-principal.repository.js';

/**
 * Asks STS who we are and writes it down for the processes that have no AWS rights. Workers call it at start and
 * hourly; every round of checks does so with `maxAgeMs`, which spares a call per connection.
 */
@Injectable()
export class RefreshPlatformPrincipal {
  constructor(
    @Inject(StsGateway) private readonly sts: StsGateway,
    @Inject(SystemPlatformPrincipalRepository) private readonly repository: SystemPlatformPrincipalRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Never throws for AWS's sake: a failure is part of the answer. @param maxAgeMs take a good answer of that age */
  async execute(maxAgeMs = 0): Promise<PlatformState> {
    const known = await this.repository.read();
    const ageMs = this.clock.nowMs() - (known.checkedAt?.getTime() ?? 0);
    if (known.error === null && known.principal !== null && ageMs < maxAgeMs) return known;
    const checkedAt = this.clock.now();
    try {
      const { arn, accountId } = await this.sts.callerIdentity();
      const principal = describePrincipal(arn, accountId);
      await this.repository.saveIdentity(principal, checkedAt);
      if (known.principal?.arn !== arn)
        this.logger.info('platform.identified', { arn: principal.trustedArn });
      return { principal, error: null, checkedAt };
    } catch (failure) {
      if (!(failure instanceof AwsFailure)) throw failure;
      const error = { name: failure.code, message: failure.message };
      await this.repository.saveError(error, checkedAt);
      this.logger.warn('platform.not_identified', { code: failure.code });
      return { principal: known.principal, error, checkedAt };
    }
  }
}
