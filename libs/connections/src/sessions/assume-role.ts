import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, StsGateway, type AssumedRole } from '#libs/aws';
import { Metrics } from '#libs/telemetry';
import type { RoleConnection, SessionReason } from '../connection.js';
import { scopeOf } from '../kit/build-kit.js';
import { sessionName } from './session-name.js';
import { sessionPolicy, type SessionPurpose } from './session-policies.js';
import { durationReason, judgeSts } from './sts-failure.js';

/** What STS always grants: IAM lets no role have a smaller maximum, and chaining allows it. */
const alwaysGrantedSeconds = 3600;

export interface AssumeOptions {
  purpose: SessionPurpose;
  /** Absent only in the probe that must be refused. */
  externalId: string | undefined;
  /** 900-43 200. */
  durationSeconds: number;
}

export interface GrantedRole extends AssumedRole {
  grantedSeconds: number;
  /** Why less than asked for was granted. */
  reason: SessionReason | null;
}

/** AssumeRole the way we always do it: named session, inline policy of the purpose, counted. */
@Injectable()
export class AssumeRole {
  private readonly calls;

  constructor(
    @Inject(StsGateway) private readonly sts: Pick<StsGateway, 'assumeRole'>,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.calls = metrics.counter('sesame_assume_role_total', 'Calls of STS AssumeRole.', [
      'purpose',
      'outcome',
    ]);
  }

  /** @throws AwsFailure */
  async once(connection: RoleConnection, options: AssumeOptions): Promise<AssumedRole> {
    const { purpose, externalId, durationSeconds } = options;
    try {
      const role = await this.sts.assumeRole({
        roleArn: connection.roleArn,
        ...(externalId !== undefined && { externalId }),
        sessionName: sessionName(purpose, connection.projectId, connection.id),
        durationSeconds,
        policy: sessionPolicy(purpose, scopeOf(connection)),
      });
      this.calls.inc({ purpose, outcome: 'granted' });
      return role;
    } catch (failure) {
      this.calls.inc({ purpose, outcome: failure instanceof AwsFailure ? judgeSts(failure) : 'error' });
      throw failure;
    }
  }

  /** Steps down to an hour when the duration is the only obstacle. At most two calls. @throws AwsFailure */
  async negotiate(connection: RoleConnection, options: AssumeOptions): Promise<GrantedRole> {
    try {
      return {
        ...(await this.once(connection, options)),
        grantedSeconds: options.durationSeconds,
        reason: null,
      };
    } catch (failure) {
      const reason = failure instanceof AwsFailure ? durationReason(failure) : undefined;
      if (reason === undefined || options.durationSeconds <= alwaysGrantedSeconds) throw failure;
      const role = await this.once(connection, { ...options, durationSeconds: alwaysGrantedSeconds });
      return { ...role, grantedSeconds: alwaysGrantedSeconds, reason };
    }
  }
}
