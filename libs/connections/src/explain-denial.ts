import { Inject, Injectable } from '@nestjs/common';
import type { AwsFailure } from '#libs/aws';
import type { Paste } from './checks.js';
import { hasRole } from './connection.js';
import type { PolicyOptions, Purpose } from './kit/permissions.js';
import { parseDenial } from './prove/denial.js';
import { permissionsRemedy } from './prove/remedies.js';
import { SystemConnectionsRepository } from './system-connections.repository.js';
import { SystemPlatformPrincipalRepository } from './system-platform-principal.repository.js';

/** A refusal of IAM in words for the customer. */
export interface Denied {
  /** `ses:CreateEmailIdentity on arn:aws:ses:…` */
  missing: string;
  message: string;
  /** The kit's policy for the purpose and the command that attaches it; null while the platform is unknown. */
  remedy: string | null;
  paste: Paste | null;
}

/** What a role lacks for a purpose, and what to paste so that it has it. For calls outside the checks. */
@Injectable()
export class ExplainDenial {
  constructor(
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(SystemPlatformPrincipalRepository) private readonly platform: SystemPlatformPrincipalRepository,
  ) {}

  /** @param failure one for which isAccessDenied() holds */
  async execute(
    connectionId: string,
    purpose: Purpose,
    failure: AwsFailure,
    options: PolicyOptions = {},
  ): Promise<Denied> {
    const denial = parseDenial(failure.message);
    const missing = `${denial.action ?? `${failure.service}:${failure.operation}`}${denial.resource === undefined ? '' : ` on ${denial.resource}`}`;
    const message = denial.isExplicit
      ? `A policy of the AWS account explicitly denies ${missing}.`
      : `The role of the connection does not allow ${missing}.`;
    const connection = await this.connections.find(connectionId);
    const { principal } = await this.platform.read();
    if (connection === null || !hasRole(connection) || principal === null)
      return { missing, message, remedy: null, paste: null };
    const remedy = permissionsRemedy(
      `Allow ${missing}. Attach this policy to the role:`,
      connection,
      principal,
      purpose,
      options,
    );
    return { missing, message, remedy: remedy.text, paste: remedy.paste ?? null };
  }
}
