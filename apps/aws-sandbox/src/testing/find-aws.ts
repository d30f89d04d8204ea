import { execFileSync } from 'node:child_process';

/** Whether a version of the AWS CLI has EventBridge as an event destination of SES (since 2024). */
export const knowsEventBridge = (program: string): boolean =>
  execFileSync(program, ['sesv2', 'create-configuration-set-event-destination', '--generate-cli-skeleton'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).includes('EventBridgeDestination');

/**
 * The unmodified AWS CLI. Shims may stand before the real thing on the PATH, so each candidate has to prove that it runs.
 *
 * @param isEnough what it has to be able to do beyond that; a distribution's may be too old
 * @returns null, with a warning, when there is none @throws Error when there is none at all in CI
 */
export const findAws = (isEnough?: (program: string) => boolean): string | null => {
  for (const candidate of ['/usr/bin/aws', '/usr/local/bin/aws', 'aws']) {
    try {
      const version = execFileSync(candidate, ['--version'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      if (version.startsWith('aws-cli/') && isEnough?.(candidate) !== false) return candidate;
    } catch {
      // not this one
    }
  }
  const notice = `NO WORKING AWS CLI FOUND${isEnough === undefined ? '' : ' THAT IS NEW ENOUGH'}, its tests did not run (apt-get install awscli)`;
  if (process.env['CI'] !== undefined && isEnough === undefined) throw new Error(notice);
  console.warn(notice);
  return null;
};
