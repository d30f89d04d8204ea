import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { partitionOfRegion, sesRegions } from '#libs/aws';
import { scenarios } from '../../apps/api/src/sandbox/scenarios.js';
import { tour } from '../../apps/dashboard/src/pages/connections/tour.js';
import { partitionOf, regions } from '../../apps/dashboard/src/pages/connections/regions.js';

const root = join(import.meta.dirname, '..', '..');

describe('what the dashboard knows of the API', () => {
  test('its types are those of openapi.json (npm run openapi writes both)', () => {
    const program = join(root, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
    const args = [program, 'openapi.json', '--check', '-o', 'apps/dashboard/src/api/schema.d.ts'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(status === 0 ? '' : stderr).toBe('');
  }, 60_000);

  test('the regions to choose from are those that the API takes', () => {
    expect(regions.map(([id]) => id).sort()).toEqual([...sesRegions].sort());
  });

  test('the tour has a step for every scenario of the sandbox, and mends at the end', () => {
    expect(tour.map(({ scenario }) => scenario)).toEqual([...scenarios]);
  });

  test('the partition of every region is the one that the API says', () => {
    for (const [id] of regions) expect(partitionOf(id)).toBe(partitionOfRegion(id));
  });
});
