import type { Suppression, SuppressionOrigin } from './suppression.js';

export interface SuppressionRow {
  id: string;
  project_id: string;
  email: string;
  origin: SuppressionOrigin;
  source_id: string | null;
  ses_connection_id: string | null;
  created_at: Date;
}

/** SQL. */
export const suppressionColumns = 'id, project_id, email, origin, source_id, ses_connection_id, created_at';

export function toSuppression(row: SuppressionRow): Suppression {
  return {
    id: row.id,
    projectId: row.project_id,
    email: row.email,
    origin: row.origin,
    sourceId: row.source_id ?? undefined,
    sesConnectionId: row.ses_connection_id ?? undefined,
    createdAt: row.created_at,
  };
}
