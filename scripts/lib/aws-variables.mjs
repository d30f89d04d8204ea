/** A copy of the environment without anything that the AWS SDK and CLI read: keys, profiles, endpoints, regions. */
export function withoutAws(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));
}

/** Keeps `~/.aws` out, too: a developer's own profile must never meet a test or the sandbox. */
export const NO_AWS_FILES = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};
