import { canInstallPackages, installPackages } from './debian.mjs';
import { findProgram } from './find-program.mjs';
import { step } from './progress.mjs';
import { run } from './run.mjs';

/**
 * An AWS CLI that runs, to show that the unmodified one gets on with the sandbox.
 *
 * @returns {Promise<{ path: string } | { missing: string }>}
 */
export async function awsCli(signal) {
  const found = await workingCli(signal);
  if (found !== undefined) return { path: found };
  if (!canInstallPackages()) return { missing: 'no working "aws" on PATH' };
  const failure = await step('Installing awscli', () => installPackages(['awscli'], signal));
  if (failure !== undefined) return { missing: `apt-get said: ${failure}` };
  const installed = await workingCli(signal);
  return installed === undefined ? { missing: 'the installed "aws" does not run' } : { path: installed };
}

async function workingCli(signal) {
  const candidates = [process.env.AWS_CLI, findProgram('aws'), '/usr/bin/aws', '/usr/local/bin/aws'];
  for (const candidate of new Set(candidates.filter(Boolean))) {
    const { code, output } = await run(candidate, ['--version'], { signal });
    if (code === 0 && output.startsWith('aws-cli/')) return candidate;
  }
  return undefined;
}
