import type { Schemas } from '../../api/client';

/** The longest session that AWS grants to whoever is a role session already. */
export const CHAINED_SECONDS = 3_600;

/** Whether the platform itself runs on a role session: its check names the identity, and a shortened session the reason. */
export function isChained(connection: Pick<Schemas['Connection'], 'checks' | 'session_duration'>): boolean {
  const platform = connection.checks.find(({ name }) => name === 'platform_principal');
  return (
    /arn:[a-z-]+:(?:iam|sts)::\d+:(?:assumed-)?role\//.test(platform?.detail ?? '') ||
    (connection.session_duration.reason ?? '').includes('role chaining')
  );
}
