// `npm run build`: the whole build, with types checked.
import { build } from './lib/build.mjs';
import { requireNode } from './lib/node-version.mjs';
import { ensureInstalled } from './lib/prepare.mjs';
import { printError } from './lib/problem.mjs';
import { step } from './lib/progress.mjs';

try {
  requireNode();
  await ensureInstalled();
  await step('Building', () => build({ isChecked: true }));
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
