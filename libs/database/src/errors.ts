/** PostgreSQL's `unique_violation` (23505) or Prisma's name for it (P2002). */
export function isUniqueViolation(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === '23505' || error.code === 'P2002')
  );
}

/** Connection errors of Node, and PostgreSQL's classes 08 (connection), 53 (resources) and 57P (shutdown). */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(ECONN|ETIMEDOUT|EPIPE|08|53|57P)/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
  );
}
