import { Problem } from './problem.mjs';

const MINIMUM = [20, 19];

/** `import.meta.dirname`, `process.loadEnvFile` and our dependencies need this version or a newer one. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
  if (isEnough) return;
  throw new Problem(
    `Node.js ${MINIMUM.join('.')} or newer is needed, this is ${version}. Install a current version and run this again.`,
  );
}
