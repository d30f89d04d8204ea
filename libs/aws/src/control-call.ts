import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { toAwsFailure, type AwsService } from './aws-failure.js';
import type { AwsSession } from './credentials.js';

/** Control planes allow about one call per second; the SDK waits and tries again. */
const ATTEMPTS = 4;

export interface ClientSettings {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  requestHandler: NodeHttpHandler;
  maxAttempts: number;
}

/** Settings of an SDK client for one call; its sockets are the handler's. */
export function clientSettings(
  { credentials, region }: AwsSession,
  requestHandler: NodeHttpHandler,
  maxAttempts = ATTEMPTS,
): ClientSettings {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { region, credentials: { accessKeyId, secretAccessKey, sessionToken }, requestHandler, maxAttempts };
}

/**
 * One call whose error, where it has one of `doneCodes`, means that there was nothing to do.
 *
 * @returns undefined in that case
 * @throws AwsFailure
 */
export async function controlCall<T>(
  service: AwsService,
  operation: string,
  doneCodes: readonly string[],
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const failure = toAwsFailure(service, operation, error);
    if (doneCodes.includes(failure.code)) return undefined;
    throw failure;
  }
}
