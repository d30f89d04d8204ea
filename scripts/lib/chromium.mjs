import { canInstallPackages, installPackages } from './debian.mjs';
import { findProgram } from './find-program.mjs';
import { step } from './progress.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The browser for the tests of the dashboard. None is downloaded: Debian's own package, or one that is there.
 *
 * @returns {Promise<{ path: string } | { missing: string }>}
 */
export async function chromium(signal) {
  const present = process.env.CHROMIUM || found();
  if (present) return { path: present };
  if (!canInstallPackages()) return { missing: `no ${NAMES.join(', ')} on PATH` };
  const failure = await step('Installing Chromium', () => installPackages(['chromium'], signal));
  if (failure !== undefined) return { missing: `apt-get said: ${failure}` };
  const path = found();
  return path === undefined ? { missing: 'it is not on PATH after being installed' } : { path };
}

const found = () => findProgram(...NAMES);
