import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'aws-cli.mjs');

/**
 * Runs what a remedy says to paste, as a customer's administrator would: in bash, with an `aws` that knows the commands which
 * Sesame writes and does to the sandbox what they would do to AWS.
 *
 * @returns what was printed
 */
export async function paste(commands: string, sandboxUrl: string, account: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  try {
    const aws = join(folder, 'aws');
    await writeFile(aws, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    await chmod(aws, 0o755);
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const env = { PATH, SANDBOX: `${sandboxUrl}/_sandbox/accounts/${account}` };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commands], { env });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
