import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Bootstrapped {
  organization_id: string;
  organization_key: string;
  admin_email: string | null;
  admin_password: string | null;
}

/** The one thing that has no HTTP call: the first organization and its key. */
export async function bootstrapOrganization(name: string): Promise<Bootstrapped> {
  const program = join(import.meta.dirname, '..', '..', 'apps', 'api', 'src', 'bootstrap-cli.js');
  const env = { ...process.env, ORGANIZATION_NAME: name };
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env, timeout: 60_000 });
  // Log lines may come before the answer.
  const line = stdout
    .trim()
    .split('\n')
    .findLast((candidate) => candidate.includes('organization_key'));
  if (line === undefined) throw new Error('bootstrap-cli printed no organization');
  return JSON.parse(line) as Bootstrapped;
}
