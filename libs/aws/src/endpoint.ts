import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';

export interface Endpoint {
  /** `https://email.eu-west-1.amazonaws.com` */
  origin: string;
  /** Host header, as it is signed. */
  host: string;
  /** Empty, or a path prefix of an overridden endpoint. */
  basePath: string;
}

/**
 * Where the SDK would send a SES request of this region: its endpoint rules and its variables
 * (`AWS_ENDPOINT_URL_SESV2`, `AWS_ENDPOINT_URL`, profile) decide, not we. Found by letting a client build a request
 * and keeping it from leaving.
 */
export async function resolveSesEndpoint(region: string): Promise<Endpoint> {
  let seen: Endpoint | undefined;
  const client = new SESv2Client({
    region,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: (request: { protocol: string; hostname: string; port?: number; path: string }) => {
        const port = request.port === undefined ? '' : `:${request.port}`;
        seen = {
          origin: `${request.protocol}//${request.hostname}${port}`,
          host: `${request.hostname}${port}`,
          basePath: request.path.slice(0, request.path.lastIndexOf('/v2/email')).replace(/\/+$/, ''),
        };
        return Promise.reject(new Error('resolved'));
      },
    },
  });
  await client.send(new GetAccountCommand({})).catch(() => undefined);
  client.destroy();
  if (seen === undefined) throw new Error(`No SES endpoint for region ${region}`);
  return seen;
}
