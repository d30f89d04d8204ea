/** An `AuditEntry` from `audit_entries e`; the time with its microseconds, which a Date would lose. */
export const entryColumns = `e.id, e.organization_id AS "organizationId", e.project_id AS "projectId", e.actor, e.action, e.target, e.data,
  to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`;
