// The demo of `npm start`: an organization, a project, a connected role, a first email. Once; what an interrupted run
// did is kept. Everything but the organization is done over HTTP, as any customer would.
import { connectRole, seedConnection } from './seed/connection.js';
import { sendFirstEmail } from './seed/first-email.js';
import { JsonClient } from './seed/http-json.js';
import { isKnown, seedOrganization, seedOwner } from './seed/organization.js';
import { SeedFile } from './seed/seed-file.js';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is required; this program is run by "npm start".`);
  return value;
}

async function seed(): Promise<void> {
  const apiUrl = required('SEED_API_URL');
  const sandboxUrl = process.env['SEED_SANDBOX_URL'] ?? '';
  const isNewSandbox = process.env['SEED_NEW_SANDBOX'] === 'true';
  const file = new SeedFile(required('SEED_FILE'));

  const isKept = await isKnown(apiUrl, file);
  if (isKept) await seedOwner(file);
  else file.clear();
  // With a real AWS the first run ends at a connection without a role; a later run with the sandbox goes on from there.
  const isDone = file.state.is_complete === true && (sandboxUrl === '' || file.state.email_id !== undefined);
  if (isDone && !(isNewSandbox && sandboxUrl !== '')) return;

  console.log(isKept ? '  Completing the demo…' : '  Setting up the demo…');
  const { client, projectId } = await seedOrganization(apiUrl, file);
  const connectionId = await seedConnection(client, projectId, file);
  if (sandboxUrl !== '') {
    const sandbox = new JsonClient(sandboxUrl);
    await connectRole(client, sandbox, connectionId, file);
    if (!isDone) await sendFirstEmail(apiUrl, sandbox, file);
  }
  file.save({ is_complete: true });
}

try {
  await seed();
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
