import { migrate } from './migrate.js';
import { loadEnvironmentFile } from '#libs/config';

const url = loadEnvironmentFile()['DATABASE_URL'];
if (url === undefined || url === '') {
  console.error('DATABASE_URL is required.');
  process.exit(1);
}
const applied = await migrate(url);
console.log(JSON.stringify({ event: 'database.migrated', applied }));
// The WebAssembly engine leaves a 10 s timer behind.
process.exit(0);
