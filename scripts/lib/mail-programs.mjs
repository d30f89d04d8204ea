import { canInstallPackages, installPackages } from './debian.mjs';
import { findProgram } from './find-program.mjs';
import { step } from './progress.mjs';

const NAMES = ['swaks', 'msmtp'];

/**
 * Mail programs that people really use, to show that they get on with the SMTP server.
 *
 * @returns {Promise<{ swaks: string, msmtp: string } | { missing: string }>}
 */
export async function mailPrograms(signal) {
  const absent = NAMES.filter((name) => pathOf(name) === undefined);
  if (absent.length > 0) {
    if (!canInstallPackages()) return { missing: `no ${absent.join(' and no ')} on PATH` };
    const failure = await step(`Installing ${absent.join(' and ')}`, () => installPackages(absent, signal));
    if (failure !== undefined) return { missing: `apt-get said: ${failure}` };
  }
  const [swaks, msmtp] = NAMES.map(pathOf);
  return swaks === undefined || msmtp === undefined
    ? { missing: 'they are not on PATH after being installed' }
    : { swaks, msmtp };
}

const pathOf = (name) => process.env[name.toUpperCase()] || findProgram(name);
