import { Inject, Injectable } from '@nestjs/common';
import {
  parseRoleArn,
  ReadConnections,
  ReadKit,
  RequestVerification,
  UpdateConnection,
  type Connection,
  type ConnectionView,
  type Kit,
} from '#libs/connections';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { SandboxAdmin, type SandboxRole, type SandboxSes } from './sandbox-admin.js';
import {
  mailScenarios,
  withAnyExternalId,
  withoutAction,
  withoutExternalId,
  type Scenario,
} from './scenarios.js';

/** Nobody's; not one of the mailbox simulator, which costs no quota and needs no production access. */
const SOMEBODY = 'somebody@example.net';
/** IAM's smallest MaxSessionDuration and its largest, in seconds. */
const SHORTEST_MAXIMUM = 3600;
const LONGEST_MAXIMUM = 43_200;
/** Asked for where the role's shortest maximum would be no hindrance. */
const LONGER_THAN_SHORTEST = 7200;
/** Given to an account without a daily limit, so that there is one to use up. */
const SOME_QUOTA = 50_000;
const ATTEMPTS = 5;

export interface SetUpChange {
  readonly accountId: string;
  readonly region: string;
  /** After the change. */
  readonly changedAt: Date;
  readonly testMail: { readonly from: string; readonly to: string } | null;
}

/** A set-up in which nothing is wrong, and what is needed to break it. */
interface SetUp {
  readonly connection: Connection;
  readonly accountId: string;
  readonly region: string;
  readonly roleName: string;
  readonly role: SandboxRole;
  readonly ses: SandboxSes;
}

/**
 * One thing goes wrong in the simulated AWS account of a connection, and the checks run. Whatever was broken before is
 * mended first, so that each scenario shows its own diagnosis and no other.
 */
@Injectable()
export class BreakSetUp {
  constructor(
    @Inject(SandboxAdmin) private readonly sandbox: SandboxAdmin,
    @Inject(ReadConnections) private readonly connections: ReadConnections,
    @Inject(ReadKit) private readonly kit: ReadKit,
    @Inject(UpdateConnection) private readonly updateConnection: UpdateConnection,
    @Inject(RequestVerification) private readonly requestVerification: RequestVerification,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError `sandbox.no_role`, `sandbox.no_identity`, `sandbox.unreachable`, `sandbox.refused`,
   *   `connection.not_found`, `connection.disconnected`
   */
  async execute(
    projectId: string,
    connectionId: string,
    scenario: Scenario,
    actor: string,
  ): Promise<SetUpChange> {
    const { connection } = await this.connections.get(projectId, connectionId);
    if (connection.status === 'disconnected')
      throw new AppError({
        code: 'connection.disconnected',
        kind: 'conflict',
        message: 'This connection is disconnected: nothing would show what is broken.',
        remedy: 'Create a new connection.',
      });
    const setUp = await this.mend(projectId, connection);
    await this.apply(scenario, projectId, setUp, actor);
    const askedAt = this.clock.now();
    const asked = await repeated(() => this.requestVerification.execute(projectId, connectionId, actor));
    const from = senderOf(setUp.ses);
    const { accountId, region } = setUp;
    return {
      accountId,
      region,
      changedAt: changedAt(asked, askedAt),
      testMail: mailScenarios.includes(scenario) && from !== undefined ? { from, to: SOMEBODY } : null,
    };
  }

  private async apply(scenario: Scenario, projectId: string, setUp: SetUp, actor: string): Promise<void> {
    const { sandbox } = this;
    const { connection, accountId, roleName, role, ses } = setUp;
    const putRole = (change: Partial<SandboxRole>) =>
      sandbox.putRole(accountId, roleName, { ...role, ...change });
    switch (scenario) {
      case 'mend':
        return;
      case 'delete_role':
        return sandbox.deleteRole(accountId, roleName);
      case 'drop_external_id':
        return putRole({ trust_policy: withoutExternalId(role.trust_policy) });
      case 'any_external_id':
        return putRole({ trust_policy: withAnyExternalId(role.trust_policy) });
      case 'remove_send_permission':
        return putRole({ policies: withoutAction(role.policies, 'ses:SendEmail') });
      case 'shorten_session':
        await putRole({ max_session_duration: SHORTEST_MAXIMUM });
        if (connection.requestedSessionSeconds <= SHORTEST_MAXIMUM)
          await repeated(() =>
            this.updateConnection.execute(projectId, connection.id, {
              sessionDurationSeconds: LONGER_THAN_SHORTEST,
              actor,
            }),
          );
        return;
      case 'pause_sending':
        await sandbox.changeSes(setUp, { sending_enabled: false });
        return;
      case 'leave_production':
        await sandbox.changeSes(setUp, { production_access: false });
        return;
      case 'use_up_quota': {
        const quota = ses.max_24_hour_send < 0 ? SOME_QUOTA : Math.ceil(ses.max_24_hour_send);
        await sandbox.changeSes(setUp, { max_24_hour_send: quota, sent_last_24_hours: quota });
        return;
      }
      case 'unverify_identity':
        return this.unverify(setUp);
    }
  }

  private async unverify(setUp: SetUp): Promise<void> {
    const verified = namesOf(setUp.ses, ({ verified: isVerified }) => isVerified);
    if (verified.length === 0)
      throw new AppError({
        code: 'sandbox.no_identity',
        kind: 'conflict',
        message: `No identity is verified in account ${setUp.accountId}, ${setUp.region}: there is none to take that from.`,
        remedy: 'Add a domain to the project first, or verify an identity with the admin API of the sandbox.',
      });
    for (const name of verified) await this.sandbox.setVerified(setUp, name, false);
  }

  /** The set-up as the kit has it. What the role may do beside sending stays; a role that is gone is made anew. */
  private async mend(projectId: string, connection: Connection): Promise<SetUp> {
    const { region, roleArn } = connection;
    if (roleArn === null)
      throw new AppError({
        code: 'sandbox.no_role',
        kind: 'conflict',
        field: 'role_arn',
        message: 'This connection has no role yet, so there is nothing to break.',
        remedy: 'Create the role with the kit of this connection, then set role_arn.',
      });
    const { accountId, path, roleName } = parseRoleArn(roleArn, { region, platformAccountId: null });
    const found = await this.sandbox.findRole(accountId, roleName);
    // Whoever deletes a role forgets what it was allowed to do: feedback and domains may have been among it.
    const kit = await this.readKit(projectId, connection, found === undefined ? 'all' : 'send');
    const role: SandboxRole = {
      path,
      trust_policy: kit.trust_policy,
      policies: { ...found?.policies, [`sesame-${kit.purpose}`]: kit.permissions_policy },
      max_session_duration: LONGEST_MAXIMUM,
    };
    await this.sandbox.putRole(accountId, roleName, role);
    const ses = await this.mendSes({ accountId, region });
    return { connection, accountId, region, roleName, role, ses };
  }

  private readKit(projectId: string, { id }: Connection, purpose: 'all' | 'send'): Promise<Kit> {
    return this.kit.execute(projectId, id, { purpose, format: 'json', feedback: 'eventbridge' });
  }

  private async mendSes(at: { accountId: string; region: string }): Promise<SandboxSes> {
    const healthy = { production_access: true, sending_enabled: true, enforcement_status: 'HEALTHY' };
    const ses = await this.sandbox.changeSes(at, healthy);
    // One that DNS decides about is not broken: it waits for its records.
    const unverified = namesOf(ses, ({ verified, follows_dns }) => !verified && !follows_dns);
    for (const name of unverified) await this.sandbox.setVerified(at, name, true);
    const isUsedUp = ses.max_24_hour_send >= 0 && ses.sent_last_24_hours >= ses.max_24_hour_send;
    return this.sandbox.changeSes(at, isUsedUp ? { sent_last_24_hours: 0 } : {});
  }
}

/** Who presses one button after another meets the round of checks of the last one, which changes the connection too. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'connection.changed' || attempt === ATTEMPTS)
        throw error;
    }
  }
}

/**
 * Checks that ended from then on have seen the change. A round that was running before may have been stored in the
 * milliseconds until the new one was asked for; while that one has not answered, whatever is stored is older.
 */
function changedAt({ connection, checks }: ConnectionView, askedAt: Date): Date {
  if (connection.verifyingSince === null) return askedAt;
  const newest = checks.map(({ checkedAt }) => checkedAt?.getTime() ?? 0);
  return new Date(Math.max(askedAt.getTime(), ...newest.map((ms) => ms + 1)));
}

type Identity = SandboxSes['identities'][string];

function namesOf({ identities }: SandboxSes, isWanted: (identity: Identity) => boolean): string[] {
  return Object.entries(identities)
    .filter(([, identity]) => isWanted(identity))
    .map(([name]) => name);
}

/** An address that may send while nothing is broken. */
function senderOf(ses: SandboxSes): string | undefined {
  const [domain] = namesOf(ses, ({ verified, type }) => verified && type === 'DOMAIN');
  if (domain !== undefined) return `hello@${domain}`;
  return namesOf(ses, ({ verified }) => verified)[0];
}
