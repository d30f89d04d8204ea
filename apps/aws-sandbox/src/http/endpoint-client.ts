import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

const MAX_SOCKETS = 64;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;

/** Real SNS calls any http:// address; the sandbox has no business on the network without TLS. */
export const isCallable = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));

export interface EndpointRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** An HTTP status, or the reason why there is none. */
export type EndpointAnswer = { readonly status: number } | { readonly status: null; readonly reason: string };

/** Calls out to subscribers' endpoints. Never follows a redirect, reads no answer beyond its status. */
export class EndpointClient {
  private readonly http = new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  private readonly https = new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS });

  send({ url, method, headers, body, timeoutMs }: EndpointRequest): Promise<EndpointAnswer> {
    return new Promise((resolve) => {
      const target = new URL(url);
      const [request, agent] =
        target.protocol === 'https:' ? [httpsRequest, this.https] : [httpRequest, this.http];
      const outgoing = request(
        target,
        {
          method,
          agent,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          signal: AbortSignal.timeout(timeoutMs),
        },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0 });
        },
      );
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ status: null, reason: error.code ?? error.message }),
      );
      outgoing.end(body);
    });
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}
