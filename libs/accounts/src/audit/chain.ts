import { sha256 } from '#libs/crypto';

/** An audit entry as it was written. */
export interface AuditEntry {
  id: string;
  organizationId: string;
  projectId: string | null;
  actor: string;
  action: string;
  target: string | null;
  data: unknown;
  /** ISO 8601 with microseconds, as PostgreSQL keeps it. */
  at: string;
}

/** The place of an entry in its organization's chain. */
export interface Seal {
  /** From 1, without gaps. */
  sequence: number;
  entryId: string;
  entryHash: Buffer;
  isForgettable: boolean;
  hash: Buffer;
}

export interface ChainHead {
  sequence: number;
  hash: Buffer;
}

/** Before the first entry. */
export const emptyChain: ChainHead = { sequence: 0, hash: Buffer.alloc(32) };

/** What retention may take: sessions that the machine opened by itself. Their seals stay. */
export function isForgettable(action: string): boolean {
  return action.startsWith('session.');
}

/** SHA-256 of the entry in canonical JSON: keys sorted at every level, no white space. */
export function hashEntry(entry: AuditEntry): Buffer {
  return sha256(
    canonical({
      id: entry.id,
      organization_id: entry.organizationId,
      project_id: entry.projectId,
      actor: entry.actor,
      action: entry.action,
      target: entry.target,
      data: entry.data,
      at: entry.at,
    }),
  );
}

/** SHA-256 over the hash before, the sequence number, the entry's hash, and whether it may be forgotten. */
export function linkHash(
  previous: Buffer,
  sequence: number,
  entryHash: Buffer,
  mayBeForgotten: boolean,
): Buffer {
  return sha256(
    `${previous.toString('hex')}.${sequence}.${entryHash.toString('hex')}.${mayBeForgotten ? 1 : 0}`,
  );
}

export function appendToChain(head: ChainHead, entry: AuditEntry): Seal {
  const sequence = head.sequence + 1;
  const entryHash = hashEntry(entry);
  const mayBeForgotten = isForgettable(entry.action);
  return {
    sequence,
    entryId: entry.id,
    entryHash,
    isForgettable: mayBeForgotten,
    hash: linkHash(head.hash, sequence, entryHash, mayBeForgotten),
  };
}

export type ChainFault = 'sequence' | 'link' | 'entry_changed' | 'entry_missing';

/**
 * What is wrong with the next seal of a chain, if anything.
 *
 * @param entry undefined: it is not there (any more)
 */
export function faultOf(head: ChainHead, seal: Seal, entry: AuditEntry | undefined): ChainFault | undefined {
  if (seal.sequence !== head.sequence + 1) return 'sequence';
  if (!linkHash(head.hash, seal.sequence, seal.entryHash, seal.isForgettable).equals(seal.hash))
    return 'link';
  if (entry === undefined) return seal.isForgettable ? undefined : 'entry_missing';
  return hashEntry(entry).equals(seal.entryHash) ? undefined : 'entry_changed';
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).sort(([one], [two]) => (one < two ? -1 : 1));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
