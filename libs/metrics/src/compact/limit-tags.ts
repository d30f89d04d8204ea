import type { Delta } from '../count/delta.js';

/** Names of tags, and values of each, that are counted by themselves for a project. */
export const MAX_TAG_NAMES = 20;
export const MAX_TAG_VALUES = 100;

/** A value of a tag that is counted by itself. */
export interface CountedTag {
  projectId: string;
  name: string;
  value: string;
}

/**
 * Keeps tags bounded: the first values that come have counts of their own, the others share one without a value, and names beyond
 * the first ones are not counted. Without it, a tag that carries an order number would make a row for each email, for ever.
 *
 * @param known of the projects that occur
 * @returns what is to be stored, and the tags that are used, known ones too
 */
export function limitTags(
  deltas: readonly Delta[],
  known: readonly CountedTag[],
): { deltas: Delta[]; used: CountedTag[] } {
  const projects = new Map<string, Map<string, Set<string>>>();
  const valuesOf = (projectId: string) => {
    const names = projects.get(projectId) ?? new Map<string, Set<string>>();
    projects.set(projectId, names);
    return names;
  };
  for (const { projectId, name, value } of known) {
    const names = valuesOf(projectId);
    names.set(name, (names.get(name) ?? new Set()).add(value));
  }
  const used = new Map<string, CountedTag>();
  const limited = deltas.flatMap((delta) => {
    const { projectId, tagName: name, tagValue: value } = delta;
    if (name === '') return [delta];
    const names = valuesOf(projectId);
    const values = names.get(name) ?? new Set<string>();
    if (!names.has(name) && names.size >= MAX_TAG_NAMES) return [];
    names.set(name, values);
    if (!values.has(value) && values.size >= MAX_TAG_VALUES) return [{ ...delta, tagValue: '' }];
    values.add(value);
    used.set(JSON.stringify([projectId, name, value]), { projectId, name, value });
    return [delta];
  });
  return { deltas: limited, used: [...used.values()] };
}
