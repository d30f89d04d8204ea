import { describe, expect, it } from '@jest/globals';
import type { Delta } from '../count/delta.js';
import { limitTags, MAX_TAG_NAMES, MAX_TAG_VALUES } from './limit-tags.js';

const delta = (tagName: string, tagValue: string, projectId = 'p1'): Delta => ({
  projectId,
  connectionId: 'c',
  domain: 'example.com',
  tagName,
  tagValue,
  hour: new Date(0),
  metric: 'sent',
  bucket: 0,
  value: 1,
});
const values = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `v${from + index}`);

describe('limitTags', () => {
  it('leaves totals alone', () => {
    const deltas = [delta('', '')];
    expect(limitTags(deltas, [])).toEqual({ deltas, used: [] });
  });

  it('counts the first values by themselves and the others together', () => {
    const { deltas, used } = limitTags(
      values(MAX_TAG_VALUES + 3).map((value) => delta('order', value)),
      [],
    );
    expect(deltas).toHaveLength(MAX_TAG_VALUES + 3);
    expect(deltas.filter(({ tagValue }) => tagValue === '')).toHaveLength(3);
    expect(used).toHaveLength(MAX_TAG_VALUES);
  });

  it('goes by what is known, so that a value is always counted in the same place', () => {
    const known = values(MAX_TAG_VALUES).map((value) => ({ projectId: 'p1', name: 'order', value }));
    const { deltas, used } = limitTags([delta('order', 'new'), delta('order', 'v7')], known);
    expect(deltas.map(({ tagValue }) => tagValue)).toEqual(['', 'v7']);
    expect(used).toEqual([{ projectId: 'p1', name: 'order', value: 'v7' }]);
  });

  it('does not count names beyond the first ones', () => {
    const names = Array.from({ length: MAX_TAG_NAMES + 1 }, (_, index) => `n${index}`);
    const { deltas } = limitTags(
      names.map((name) => delta(name, 'v')),
      [],
    );
    expect(deltas.map(({ tagName }) => tagName)).toEqual(names.slice(0, MAX_TAG_NAMES));
  });

  it('bounds each project by itself', () => {
    const known = values(MAX_TAG_VALUES).map((value) => ({ projectId: 'p1', name: 'order', value }));
    const { deltas } = limitTags([delta('order', 'new', 'p2')], known);
    expect(deltas[0]?.tagValue).toBe('new');
  });
});
