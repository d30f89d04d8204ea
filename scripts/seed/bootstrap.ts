import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Bootstrapped {
  organization_id: string;
  organization_key: string;
  admin_email: string | null;
  admin_password: string | null;
}

/** Who owns the demo organization; example.com because nobody has that address. */
const ADMIN_EMAIL = 'admin@example.com';

/** The one thing that has no HTTP call: the first organization, its key and its owner. */
export function bootstrapOrganization(name: string): Promise<Bootstrapped> {
  return run({ ORGANIZATION_NAME: name, ADMIN_EMAIL });
}

/** An owner for an organization from before there were any. */
export async function bootstrapOwner(
  organizationId: string,
): Promise<Pick<Bootstrapped, 'admin_email' | 'admin_password'>> {
  const { admin_email, admin_password } = await run({ ORGANIZATION_ID: organizationId, ADMIN_EMAIL });
  return { admin_email, admin_password };
}

async function run(variables: Record<string, string>): Promise<Bootstrapped> {
  const program = join(import.meta.dirname, '..', '..', 'apps', 'api', 'src', 'bootstrap-cli.js');
  const env = { ...process.env, ...variables };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env, timeout: 60_000 });
  // Log lines may come before the answer.
  const line = stdout
    .trim()
    .split('\n')
    .findLast((candidate) => candidate.includes('organization_id'));
  if (line === undefined) throw new Error('bootstrap-cli printed no organization');
  return JSON.parse(line) as Bootstrapped;
}
