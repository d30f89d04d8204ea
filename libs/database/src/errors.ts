/** PostgreSQL's `unique_violation` (23505) or Prisma's name for it (P2002). */
export function isUniqueViolation(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === '23505' || error.code === 'P2002')
  );
}
