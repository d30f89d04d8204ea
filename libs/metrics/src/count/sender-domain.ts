/** The domain of a From, as {@link senderDomainSql} finds it; empty when there is none. */
export function senderDomain(sender: string): string {
  return /@([^@>\s]+)>?\s*$/.exec(sender)?.[1]?.toLowerCase() ?? '';
}

/** The same in SQL, of the column `sender`. */
export const senderDomainSql = String.raw`coalesce(lower(substring(sender from '@([^@>[:space:]]+)>?[[:space:]]*$')), '')`;
