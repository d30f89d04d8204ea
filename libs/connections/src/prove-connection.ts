import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock } from '#libs/crypto';
import type { CheckResult } from './checks.js';
import { hasRole, provenStatuses, sendingStatuses, type RoleConnection } from './connection.js';
import { decideStatus, nextCheckAt } from './prove/decide-round.js';
import { RunChecks, type Round } from './prove/run-checks.js';
import { SystemRoundsRepository, type RoundRecord } from './prove/system-rounds.repository.js';
import { retiredExternalId } from './rotation.js';
import { SpreadRound } from './prove/spread-round.js';
import { SystemConnectionsRepository } from './system-connections.repository.js';

export interface ProveConnectionInput {
  connectionId: string;
}

/**
 * Job `connection.check`: one round of the eight checks. It never waits inside: what is undecided is looked at again
 * at next_check_at. Safe to run at any time and twice; results for a connection that was changed meanwhile are dropped.
 */
@Injectable()
export class ProveConnection {
  constructor(
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(RunChecks) private readonly runChecks: RunChecks,
    @Inject(SystemRoundsRepository) private readonly rounds: SystemRoundsRepository,
    @Inject(SpreadRound) private readonly spread: SpreadRound,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'connections'>,
  ) {}

  async execute({ connectionId }: ProveConnectionInput): Promise<void> {
    const view = await this.connections.view(connectionId);
    if (view === null || view.connection.status === 'disconnected' || !hasRole(view.connection)) return;
    const { connection } = view;
    const round = await this.runChecks.execute(connection, view.checks);
    const record = this.decide(connection, view.checks, round);
    const status = await this.rounds.save(connection, record);
    // Undefined: the connection was changed meanwhile, and whoever changed it has asked for a round of its own.
    if (status === undefined) return;
    await this.spread.execute(connection, record, status);
  }

  private decide(connection: RoleConnection, before: readonly CheckResult[], round: Round): RoundRecord {
    // The end of the round: it has taken some seconds.
    const now = this.clock.now();
    const { findings, since, isRotated } = round;
    const status = decideStatus(findings, connection);
    const isProven = provenStatuses.includes(status);
    const isOpen = findings.some(({ effect }) => effect === 'wait' || effect === 'hold');
    const wasProven = provenStatuses.includes(connection.status);
    const pendingExternalId = isRotated ? null : connection.pendingExternalId;
    const isRotating = pendingExternalId !== null || retiredExternalId(findings) !== null;
    const { verifyWindowMs: windowMs, sweepMs } = this.config.connections;
    return {
      status,
      results: findings,
      now,
      verifyingSince: isProven && !isOpen ? null : since,
      nextCheckAt: nextCheckAt({
        findings,
        before: connection.status,
        after: status,
        since,
        now,
        windowMs,
        sweepMs,
        isRotating,
        random: Math.random(),
      }),
      verifiedAt: isProven && !isOpen ? now : connection.verifiedAt,
      granted: round.granted,
      ses: round.ses,
      externalId: isRotated ? (connection.pendingExternalId ?? connection.externalId) : connection.externalId,
      pendingExternalId,
      withdraw: wasProven && !isProven,
      resume:
        sendingStatuses.includes(status) &&
        (!sendingStatuses.includes(connection.status) || sendsAgain(before, findings)),
      audit: {
        action: status === connection.status ? 'connection.checked' : `connection.became_${status}`,
        data: {
          from: connection.status,
          to: status,
          checks: Object.fromEntries(findings.map(({ name, outcome }) => [name, outcome])),
          isRotated,
        },
      },
    };
  }
}

/** SES takes mail again that it did not take, as when paused sending is switched on: the lane need not wait for its next try. */
function sendsAgain(before: readonly CheckResult[], findings: readonly CheckResult[]): boolean {
  const outcome = (results: readonly CheckResult[]) =>
    results.find(({ name }) => name === 'ses_account')?.outcome;
  return outcome(before) === 'failed' && outcome(findings) === 'passed';
}
