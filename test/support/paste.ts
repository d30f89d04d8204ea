import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'aws-cli.mjs');

/** An IAM user of the customer's, for the unmodified AWS CLI. */
export interface RealAws {
  program: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * Runs what a remedy says to paste, as a customer's administrator would: in bash, with an `aws` that knows the commands which
 * Sesame writes and does to the sandbox what they would do to AWS.
 *
 * @param real the AWS CLI itself, for everything but IAM, whose API the sandbox has not @returns what was printed
 */
export async function paste(
  commands: string,
  sandboxUrl: string,
  account: string,
  real?: RealAws,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  try {
    const aws = join(folder, 'aws');
    const ours = `exec '${process.execPath}' '${program}' "$@"`;
    // Said to each call, as older versions know no variable for it: nothing may reach AWS itself.
    const theirs =
      real &&
      `[ "$1" = iam ] || { PATH='${process.env['PATH'] ?? ''}'; exec '${real.program}' --endpoint-url '${sandboxUrl}' "$@"; }\n`;
    await writeFile(aws, `#!/bin/sh\n${theirs ?? ''}${ours}\n`);
    await chmod(aws, 0o755);
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const env = {
      PATH,
      SANDBOX: `${sandboxUrl}/_sandbox/accounts/${account}`,
      ...(real !== undefined && {
        HOME: folder,
        AWS_ACCESS_KEY_ID: real.accessKeyId,
        AWS_SECRET_ACCESS_KEY: real.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: 'true',
      }),
    };
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commands], { env });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
