import { DEMO_CUSTOMER, setUpCustomer } from './customer.js';
import type { JsonClient } from './http-json.js';
import { items } from './organization.js';
import type { SeedFile } from './seed-file.js';
import { waitUntil } from './wait-until.js';

/** The product itself retries for a minute while IAM settles. */
const VERIFY_TIMEOUT_MS = 90_000;

interface Check {
  name: string;
  outcome: 'pending' | 'passed' | 'failed' | 'skipped';
  detail: string | null;
  remedy: unknown;
}
interface Connection {
  id: string;
  name: string;
  status: string;
  role_arn: string | null;
  checks: Check[];
}

/** @returns the id of the demo connection, which still waits for its role. */
export async function seedConnection(api: JsonClient, projectId: string, file: SeedFile): Promise<string> {
  const id = file.state.connection_id ?? (await findOrCreate(api, projectId));
  file.save({ connection_id: id });
  return id;
}

async function findOrCreate(api: JsonClient, projectId: string): Promise<string> {
  const path = `/v1/projects/${projectId}/connections`;
  const found = items(await api.call<Connection[] | { data: Connection[] }>(path)).find(
    (one) => one.name === 'Demo',
  );
  const body = { name: 'Demo', region: DEMO_CUSTOMER.region };
  return (found ?? (await api.call<Connection>(path, { method: 'POST', body }))).id;
}

/** Sets up the customer's role, pastes its ARN and waits for the proof. @throws when the connection does not become active. */
export async function connectRole(
  api: JsonClient,
  sandbox: JsonClient,
  id: string,
  file: SeedFile,
): Promise<void> {
  const path = `/v1/connections/${id}`;
  await setUpCustomer(sandbox, api, id);
  file.save({ customer: DEMO_CUSTOMER });
  const { status } = await api.call<Connection>(path);
  if (status === 'awaiting_role')
    await api.call(path, { method: 'PATCH', body: { role_arn: DEMO_CUSTOMER.role_arn } });
  // Left over from an interrupted run, or from a sandbox that was removed.
  else if (status !== 'active' && status !== 'verifying')
    await api.call(`${path}/verify`, { method: 'POST' });

  console.log(`  Proving ${DEMO_CUSTOMER.role_arn}…`);
  const shown = new Set<string>();
  const ask = async () => {
    const connection = await api.call<Connection>(path);
    showNewChecks(connection.checks, shown);
    return connection;
  };
  const isFinal = ({ status: now }: Connection) => now !== 'verifying' && now !== 'awaiting_role';
  const connection = await waitUntil(ask, isFinal, VERIFY_TIMEOUT_MS);
  if (connection.status === 'active') return;
  const failed = connection.checks.find((check) => check.outcome === 'failed');
  const why = failed === undefined ? '' : ` ${failed.name}: ${failed.detail ?? ''}`;
  throw new Error(`The demo connection is ${connection.status} instead of active.${why}`);
}

function showNewChecks(checks: readonly Check[], shown: Set<string>): void {
  for (const { name, outcome } of checks) {
    if (shown.has(name) || (outcome !== 'passed' && outcome !== 'skipped')) continue;
    shown.add(name);
    console.log(`  ${outcome === 'passed' ? '✓' : '–'} ${name}`);
  }
}
