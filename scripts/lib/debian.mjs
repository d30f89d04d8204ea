import { existsSync } from 'node:fs';
import { lastLines, run } from './run.mjs';

/** May this process install Debian packages? */
export const canInstallPackages = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/**
 * @returns {Promise<string | undefined>} why it did not work; `undefined` when it did.
 */
export async function installPackages(names, signal) {
  // RUNLEVEL=1 keeps a package from starting its service: we start what we need ourselves, on ports of our own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const wait = ['-o', 'DPkg::Lock::Timeout=120'];
  await run('apt-get', [...wait, 'update', '-q'], { env, signal });
  const { code, output } = await run(
    'apt-get',
    [...wait, 'install', '-q', '-y', '--no-install-recommends', ...names],
    { env, signal },
  );
  return code === 0 ? undefined : (lastLines(output, 1)[0] ?? `apt-get ended with code ${code}`);
}
