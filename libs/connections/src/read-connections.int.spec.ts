import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database } from '#libs/database';
import { proving, roleOf } from '../../../test/support/proving.js';
import { Lab } from '../../../test/support/connections-lab.js';
import { ReadConnections } from './read-connections.js';
import { RefreshPlatformPrincipal } from './refresh-platform-principal.js';

let lab: Lab;
const { start, enter } = proving(() => lab);

beforeAll(async () => {
  lab = await Lab.start(process.env);
  await lab.main.get(RefreshPlatformPrincipal).execute();
}, 60_000);
afterAll(async () => {
  await lab?.stop();
});

test('the status and the checks that are shown are of one round', async () => {
  const started = await start();
  await lab.putRole(started.roleName, roleOf(started));
  const { id } = await enter(started);
  const database = lab.main.get(Database);
  let isOver = false;
  // Two rounds in turns, each stored whole: one with everything passed, one with everything failed.
  const rounds = (async () => {
    for (let round = 0; !isOver; round += 1) {
      const [status, outcome] = round % 2 === 0 ? ['rejected', 'failed'] : ['active', 'passed'];
      await database.transaction(async (sql) => {
        await sql.query('UPDATE connections SET status = $2 WHERE id = $1', [id, status]);
        await sql.query('UPDATE connection_checks SET outcome = $2 WHERE connection_id = $1', [id, outcome]);
      });
    }
  })();
  const seen = new Set<string>();
  try {
    for (let read = 0; read < 200; read += 1) {
      const views = await Promise.all([
        lab.main.get(ReadConnections).get(started.projectId, id),
        lab.main.get(ReadConnections).list(started.projectId),
      ]);
      for (const { connection, checks } of views.flat())
        seen.add([connection.status, ...new Set(checks.map(({ outcome }) => outcome))].join(' '));
    }
  } finally {
    isOver = true;
    await rounds;
  }
  expect([...seen].sort()).toEqual(['active passed', 'rejected failed']);
}, 60_000);
