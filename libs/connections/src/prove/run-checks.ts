import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, type SesAccountState, type SessionCredentials } from '#libs/aws';
import { CONFIG, type Config } from '#libs/config';
import { Clock } from '#libs/crypto';
import { checkNames, type StoredCheck } from '../checks.js';
import { provenStatuses, type RoleConnection, type SessionReason } from '../connection.js';
import { RefreshPlatformPrincipal } from '../refresh-platform-principal.js';
import { rememberRetired, retiredExternalId, type Retired } from '../rotation.js';
import { judgeSts } from '../sessions/sts-failure.js';
import { SystemConnectionsRepository } from '../system-connections.repository.js';
import { skipped, type Finding } from './finding.js';
import { judgeNotOpened, judgeOpened } from './judge-assume.js';
import { judgeDuration } from './judge-duration.js';
import { judgePermission } from './judge-permission.js';
import { judgePlatform } from './judge-platform.js';
import { judgeRefusal, judgeRetired } from './judge-refusal.js';
import { judgeRoleArn } from './judge-role-arn.js';
import { judgeNoSesAccount, judgeSesAccount } from './judge-ses-account.js';
import { probeSender } from './probe-sender.js';
import { Probes } from './probes.js';
import type { RoundContext } from './round-context.js';

/** How long an open role may be blamed on IAM's memory while it is being verified. */
const safetyGraceMs = 15_000;

/** A round may rest on an identity of that age: many connections are checked in a row. */
const platformMaxAgeMs = 60_000;

/** What one round found. Checks that it did not reach because the answer is still open are not in it. */
export interface Round {
  findings: Finding[];
  /** When the window of this round began. */
  since: Date;
  granted?: { seconds: number; reason: SessionReason | null };
  /** GetAccount was reached: null when it was refused. */
  ses?: SesAccountState | null;
  /** The pending external ID is proven. */
  isRotated: boolean;
}

/** Runs the eight checks once, in order. The first five are gates: what follows an unpassed one makes no sense. */
@Injectable()
export class RunChecks {
  constructor(
    @Inject(Probes) private readonly probes: Probes,
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(RefreshPlatformPrincipal) private readonly platform: RefreshPlatformPrincipal,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'connections'>,
  ) {}

  async execute(connection: RoleConnection, stored: readonly StoredCheck[]): Promise<Round> {
    const platform = await this.platform.execute(platformMaxAgeMs);
    const now = this.clock.now();
    const since = connection.verifyingSince ?? now;
    const round: Round = { findings: [], since, isRotated: false };
    const { findings } = round;
    let retired = retiredExternalId(stored);
    const finish = (): Round => ({ ...round, findings: keepRetired(withSkipped(findings), retired) });

    findings.push(judgePlatform(platform, connection.region));
    if (isStopped(findings) || platform.principal === null) return finish();
    findings.push(judgeRoleArn(connection, platform.principal.awsAccountId));
    if (isStopped(findings)) return finish();

    const context = this.context(connection, platform.principal, since, now);
    const opened = await this.openRole(context);
    findings.push(opened.finding);
    if (opened.credentials === undefined || isStopped(findings)) return finish();

    findings.push(
      judgeRefusal('refuse_without_external_id', context, await this.probes.openWrongly(connection, 'none')),
    );
    if (isStopped(findings)) return finish();
    const wrong = judgeRefusal(
      'refuse_wrong_external_id',
      context,
      await this.probes.openWrongly(connection, 'random'),
    );
    findings.push(wrong);
    if (isStopped(findings)) return finish();

    if (opened.externalId === connection.pendingExternalId) {
      round.isRotated = true;
      retired = { externalId: connection.externalId, at: now };
    }
    if (retired !== null) {
      const answer = await this.probes.openWrongly(connection, retired.externalId);
      findings[findings.length - 1] = judgeRetired(context, wrong, retired, answer);
      if (answer !== 'opened' && judgeSts(answer) === 'denied') retired = null;
    }
    await this.askSes(context, opened.externalId, opened.credentials, round);
    return finish();
  }

  private context(
    connection: RoleConnection,
    principal: RoundContext['principal'],
    since: Date,
    now: Date,
  ): RoundContext {
    const windowMs = this.config.connections.verifyWindowMs;
    const elapsedMs = now.getTime() - since.getTime();
    const isProven = provenStatuses.includes(connection.status);
    return {
      connection,
      principal,
      now,
      windowMs,
      isInsideWindow: elapsedMs < windowMs,
      isInsideSafetyGrace: !isProven && elapsedMs < Math.min(windowMs, safetyGraceMs),
    };
  }

  /** During a rotation the new external ID is tried first: it is the one to be proven. */
  private async openRole(
    context: RoundContext,
  ): Promise<{ finding: Finding; externalId: string; credentials?: SessionCredentials }> {
    const { externalId, pendingExternalId } = context.connection;
    const candidates = pendingExternalId === null ? [externalId] : [pendingExternalId, externalId];
    let finding: Finding | undefined;
    for (const candidate of candidates) {
      const answer = await this.probes.open(context.connection, candidate);
      if (!(answer instanceof AwsFailure)) {
        return {
          finding: judgeOpened(context, candidate, answer.assumedRoleArn),
          externalId: candidate,
          credentials: answer.credentials,
        };
      }
      finding = judgeNotOpened(context, answer);
      if (judgeSts(answer) !== 'denied') break;
    }
    if (finding === undefined) throw new Error('a connection has an external ID');
    return { finding, externalId };
  }

  /** The last three checks do not depend on each other. */
  private async askSes(
    context: RoundContext,
    externalId: string,
    credentials: SessionCredentials,
    round: Round,
  ): Promise<void> {
    const { connection } = context;
    const duration = judgeDuration(context, await this.probes.duration(connection, externalId));
    if (duration.granted !== undefined) round.granted = duration.granted;
    const account = await this.probes.account(credentials, connection.region);
    round.ses = account instanceof AwsFailure ? null : account;
    const sender = probeSender(await this.connections.recentSender(connection.projectId, connection.id));
    const permission = judgePermission(
      context,
      await this.probes.permission(credentials, connection.region, sender),
    );
    const sesAccount =
      account instanceof AwsFailure ? judgeNoSesAccount(context, account) : judgeSesAccount(context, account);
    round.findings.push(duration.finding, sesAccount, permission);
  }
}

/** A gate that did not pass. */
function isStopped(findings: readonly Finding[]): boolean {
  return findings.at(-1)?.outcome !== 'passed';
}

/** After a failed gate the rest is skipped; after an open one it keeps what it showed. */
function withSkipped(findings: readonly Finding[]): Finding[] {
  const last = findings.at(-1);
  if (last === undefined || last.outcome !== 'failed' || last.effect === 'hold' || findings.length > 5)
    return [...findings];
  return [
    ...findings,
    ...checkNames
      .slice(findings.length)
      .map((name) => skipped(name, `Not run: ${last.name} has to pass first.`)),
  ];
}

/** The rotation's memory lives in the evidence of check 5 and survives every round until the role refuses the old ID. */
function keepRetired(findings: Finding[], retired: Retired | null): Finding[] {
  if (retired === null) return findings;
  return findings.map((finding) =>
    finding.name === 'refuse_wrong_external_id'
      ? { ...finding, evidence: { ...finding.evidence, ...rememberRetired(retired) } }
      : finding,
  );
}
