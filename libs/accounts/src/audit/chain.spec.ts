import { describe, expect, it } from '@jest/globals';
import { appendToChain, emptyChain, faultOf, hashEntry, type AuditEntry, type Seal } from './chain.js';

const entry = (id: string, fields: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  organizationId: 'o',
  projectId: null,
  actor: 'user:1',
  action: 'project.created',
  target: 'p',
  data: { name: 'One', nested: { b: 1, a: [1, null] } },
  at: '2026-11-24T10:00:00.123456Z',
  ...fields,
});

function chainOf(entries: AuditEntry[]): Seal[] {
  const seals: Seal[] = [];
  for (const one of entries) seals.push(appendToChain(seals.at(-1) ?? emptyChain, one));
  return seals;
}

/** @returns the faults of a walk, each with its place */
function faults(seals: Seal[], entries: (AuditEntry | undefined)[]): string[] {
  let head = emptyChain as { sequence: number; hash: Buffer };
  const found: string[] = [];
  seals.forEach((seal, index) => {
    const fault = faultOf(head, seal, entries[index]);
    if (fault !== undefined) found.push(`${seal.sequence}:${fault}`);
    head = seal;
  });
  return found;
}

const entries = [entry('a'), entry('b'), entry('c', { action: 'session.issued' }), entry('d')];

describe('the chain', () => {
  it('numbers from one and finds nothing wrong with what nobody touched', () => {
    const seals = chainOf(entries);
    expect(seals.map(({ sequence, isForgettable }) => [sequence, isForgettable])).toEqual([
      [1, false],
      [2, false],
      [3, true],
      [4, false],
    ]);
    expect(faults(seals, entries)).toEqual([]);
  });

  it('hashes the same entry alike however its keys are ordered', () => {
    const other = { name: 'One', nested: { a: [1, null], b: 1 } };
    expect(hashEntry(entry('a', { data: other }))).toEqual(hashEntry(entry('a')));
  });

  it.each<[keyof AuditEntry, unknown]>([
    ['id', 'z'],
    ['organizationId', 'other'],
    ['projectId', 'p'],
    ['actor', 'user:2'],
    ['action', 'project.deleted'],
    ['target', null],
    ['data', { name: 'Two' }],
    ['at', '2026-11-24T10:00:00.123457Z'],
  ])('sees a change of %s', (field, value) => {
    const changed = entry('b', { [field]: value });
    expect(faults(chainOf(entries), [entries[0], changed, entries[2], entries[3]])).toEqual([
      '2:entry_changed',
    ]);
  });

  it('sees an entry that is gone, but lets retention forget sessions', () => {
    expect(faults(chainOf(entries), [entries[0], undefined, undefined, entries[3]])).toEqual([
      '2:entry_missing',
    ]);
  });

  it('sees a seal that was taken out, put in, or made again for a changed entry', () => {
    const seals = chainOf(entries);
    const without = seals.filter(({ sequence }) => sequence !== 2);
    expect(faults(without, [entries[0], entries[2], entries[3]])).toContain('3:sequence');
    const changed = entry('b', { actor: 'user:2' });
    const remade = seals.with(1, appendToChain(seals[0] ?? emptyChain, changed));
    expect(faults(remade, [entries[0], changed, entries[2], entries[3]])).toEqual(['3:link']);
  });

  it('sees an ordinary entry that was made to look forgettable', () => {
    const seals = chainOf(entries);
    const second = seals[1];
    if (second === undefined) throw new Error('no seal');
    expect(
      faults(seals.with(1, { ...second, isForgettable: true }), [
        entries[0],
        undefined,
        entries[2],
        entries[3],
      ]),
    ).toContain('2:link');
  });
});
