import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { step } from './progress.mjs';

/** Installs and builds what is missing or old; prints nothing when nothing is. */
export async function prepare(signal) {
  await ensureInstalled(signal);
  if (!isBuilt()) await step('Building', () => build({ isChecked: false, signal }));
}

export async function ensureInstalled(signal) {
  if (!isInstalled()) await step('Installing (npm ci)', () => install(signal));
}
