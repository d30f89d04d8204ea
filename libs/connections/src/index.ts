export { checkNames, checkOutcomes } from './checks.js';
export type { CheckName, CheckOutcome, CheckSide, Paste } from './checks.js';
export { connectionStatuses, provenStatuses, sendingStatuses } from './connection.js';
export type { Connection, ConnectionStatus } from './connection.js';
export type { ConnectionView } from './connection-row.repository.js';
export { ConnectionsModule } from './connections.module.js';
export { CreateConnection } from './create-connection.js';
export type { CreateConnectionInput } from './create-connection.js';
export { DisconnectConnection } from './disconnect-connection.js';
export { ExplainDenial } from './explain-denial.js';
export type { Denied } from './explain-denial.js';
export { kitFormats, scopeOf } from './kit/build-kit.js';
export type { Kit, KitFormat, KitOptions } from './kit/build-kit.js';
export {
  feedbackArns,
  feedbackModes,
  feedbackNames,
  feedbackSecretHeader,
} from './kit/feedback/feedback-names.js';
export { endpointProtocol } from './kit/feedback/feedback-way.js';
export type { FeedbackWay } from './kit/feedback/feedback-way.js';
export type { FeedbackArns, FeedbackMode, FeedbackNames } from './kit/feedback/feedback-names.js';
export {
  deadLetterAttributes,
  endpointAttributes,
  queueAttributes,
  queuePolicy,
  rulePattern,
  targetRolePolicy,
  targetRoleTrust,
  topicPolicy,
} from './kit/feedback/feedback-policies.js';
export { feedbackGrants, kitPurposes } from './kit/permissions.js';
export type { FeedbackGrant, KitPurpose, PolicyOptions, Purpose } from './kit/permissions.js';
export type { PolicyScope } from './kit/scope.js';
export { parseRoleArn } from './parse-role-arn.js';
export type { PlatformPrincipal, PlatformState } from './platform-principal.js';
export { presentConnection } from './present-connection.js';
export type { CheckObject, ConnectionObject } from './present-connection.js';
export { PauseForReputation } from './pause-for-reputation.js';
export { ProveConnection } from './prove-connection.js';
export { ReadConnections } from './read-connections.js';
export { ReadKit } from './read-kit.js';
export { RefreshPlatformPrincipal } from './refresh-platform-principal.js';
export { RequestVerification } from './request-verification.js';
export { RotateExternalId } from './rotate-external-id.js';
export { sendingChangedTopic } from './sending-changed.js';
export { ReadSessions } from './sessions/read-sessions.js';
export type { SessionObject } from './sessions/read-sessions.js';
export { RefreshSession } from './sessions/refresh-session.js';
export { SessionBroker } from './sessions/session-broker.js';
export type { BrokeredSession } from './sessions/session.js';
export { SystemSessionsRepository } from './sessions/system-sessions.repository.js';
export { SystemConnectionsRepository } from './system-connections.repository.js';
export { UpdateConnection } from './update-connection.js';
export type { UpdateConnectionInput } from './update-connection.js';
export { ReportTrouble } from './report-trouble.js';
export { WakeConnections } from './wake-connections.js';
