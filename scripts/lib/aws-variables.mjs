/** The platform's own account and user in the sandbox: published, and worth nothing anywhere else. */
export const SANDBOX_PLATFORM = {
  accountId: '111122223333',
  accessKeyId: 'AKIASESAMEXXXEXAMPLE',
  secretAccessKey: 'sesame/sandbox/notARealSecret/EXAMPLEKEY',
};

export const SANDBOX_REGION = 'eu-west-1';

/** Keeps `~/.aws` and instance roles out: a developer's own credentials must never meet a test or the sandbox. */
export const LOCAL_AWS = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  // The SDK's announcement of when it will leave this version of Node fills the first lines of every log.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

const SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN'];

/** A copy of the environment without anything that the AWS SDK and CLI read: keys, profiles, endpoints, regions. */
export function withoutAws(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));
}

/** For processes that never call AWS, such as the web tier: what is not there cannot leak. */
export function withoutAwsKeys(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !SECRETS.includes(name)));
}

/** The SDK's own variables, pointing at the sandbox. `withKeys` only for who calls AWS. */
export function sandboxVariables(url, withKeys) {
  const endpoints = ['STS', 'SESV2', 'SNS', 'SQS'].map((service) => [`AWS_ENDPOINT_URL_${service}`, url]);
  const keys = {
    AWS_ACCESS_KEY_ID: SANDBOX_PLATFORM.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SANDBOX_PLATFORM.secretAccessKey,
  };
  return {
    ...LOCAL_AWS,
    ...Object.fromEntries(endpoints),
    AWS_REGION: SANDBOX_REGION,
    ...(withKeys ? keys : {}),
  };
}
