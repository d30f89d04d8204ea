import { Module } from '@nestjs/common';
import { WebhooksModule } from '#libs/webhooks';
import { ApplyChange } from './apply-change.js';
import { ConnectionChangesRepository } from './connection-changes.repository.js';
import { ConnectionsRepository } from './connections.repository.js';
import { CreateConnection } from './create-connection.js';
import { DisconnectConnection } from './disconnect-connection.js';
import { ExplainDenial } from './explain-denial.js';
import { PauseForReputation } from './pause-for-reputation.js';
import { ProveConnection } from './prove-connection.js';
import { Probes } from './prove/probes.js';
import { RunChecks } from './prove/run-checks.js';
import { SpreadRound } from './prove/spread-round.js';
import { SystemRoundsRepository } from './prove/system-rounds.repository.js';
import { ReadConnections } from './read-connections.js';
import { ReadKit } from './read-kit.js';
import { RefreshPlatformPrincipal } from './refresh-platform-principal.js';
import { RequestVerification } from './request-verification.js';
import { RotateExternalId } from './rotate-external-id.js';
import { AssumeRole } from './sessions/assume-role.js';
import { IssueSession } from './sessions/issue-session.js';
import { ReadSessions } from './sessions/read-sessions.js';
import { RefreshSession } from './sessions/refresh-session.js';
import { SessionAftermath } from './sessions/session-aftermath.js';
import { SessionBroker } from './sessions/session-broker.js';
import { SessionVault } from './sessions/session-vault.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SystemSessionsRepository } from './sessions/system-sessions.repository.js';
import { SystemConnectionsRepository } from './system-connections.repository.js';
import { SystemPlatformPrincipalRepository } from './system-platform-principal.repository.js';
import { ReportTrouble } from './report-trouble.js';
import { UpdateConnection } from './update-connection.js';
import { WakeConnections } from './wake-connections.js';

const useCases = [
  CreateConnection,
  UpdateConnection,
  RequestVerification,
  RotateExternalId,
  DisconnectConnection,
  ReadConnections,
  ReadKit,
  ReadSessions,
  ExplainDenial,
  PauseForReputation,
  ProveConnection,
  RefreshPlatformPrincipal,
  RefreshSession,
  ReportTrouble,
  SessionBroker,
  WakeConnections,
];

/** Needs the global modules of config, crypto, database, aws, queue and telemetry. */
@Module({
  imports: [WebhooksModule],
  providers: [
    ...useCases,
    ApplyChange,
    AssumeRole,
    ConnectionChangesRepository,
    ConnectionsRepository,
    IssueSession,
    Probes,
    RunChecks,
    SessionAftermath,
    SessionVault,
    SessionsRepository,
    SpreadRound,
    SystemConnectionsRepository,
    SystemPlatformPrincipalRepository,
    SystemRoundsRepository,
    SystemSessionsRepository,
  ],
  exports: useCases,
})
export class ConnectionsModule {}
