import { Pool } from 'undici';
import { AwsFailure, effectOf, isRefusalOfTime, toAwsFailure } from './aws-failure.js';
import type { SessionCredentials } from './credentials.js';
import { resolveSesEndpoint, type Endpoint } from './endpoint.js';
import type { SesGateway } from './ses-gateway.js';
import { toSendEmailInput } from './send-email-input.js';
import { RequestSigner } from './sigv4.js';

export interface SenderOptions {
  /** `lean` signs and sends by itself; `sdk` goes through client-sesv2, at several times the CPU. */
  transport: 'lean' | 'sdk';
  /** Sockets per SES endpoint. */
  sendsInFlight: number;
  sesTimeoutMs: number;
  now: () => number;
}

/** Who sends: one generation of one connection's credentials. */
export interface SendingSession {
  readonly credentials: SessionCredentials;
  readonly region: string;
}

const sendEmailPath = '/v2/email/outbound-emails';

/**
 * The hot call: SES SendEmail, one signing context per session, one pool of kept-alive sockets per
 * endpoint for all sessions together.
 */
export class SesSender {
  private readonly pools = new Map<string, Pool>();
  private readonly endpoints = new Map<string, Promise<Endpoint>>();
  // Lives exactly as long as the credentials it signs for.
  private readonly signers = new WeakMap<SessionCredentials, RequestSigner>();
  /** AWS's clock minus ours, learned from a refusal that names the time. */
  private skewMs = 0;

  constructor(
    private readonly options: SenderOptions,
    private readonly gateway: SesGateway,
  ) {}

  /**
   * @param payload the JSON body of SendEmail
   * @returns the SES message id
   * @throws AwsFailure; its `effect` says whether the mail may have been sent all the same
   */
  async send(session: SendingSession, payload: string): Promise<string> {
    if (this.options.transport === 'sdk') {
      return this.gateway.sendEmail(session.credentials, session.region, toSendEmailInput(payload));
    }
    const endpoint = await this.endpoint(session.region);
    const body = Buffer.from(payload);
    const { skewMs } = this;
    try {
      return await this.attempt(session, endpoint, body);
    } catch (error) {
      // Refused for the time alone, which is known now (perhaps from another call): nothing was sent, and the credentials are good.
      if (!(error instanceof AwsFailure) || !isRefusalOfTime(error.code) || this.skewMs === skewMs)
        throw error;
      return this.attempt(session, endpoint, body);
    }
  }

  private async attempt(session: SendingSession, endpoint: Endpoint, body: Buffer): Promise<string> {
    const signer = this.signer(session, endpoint);
    let status: number;
    let text: string;
    let headers: Record<string, string | string[] | undefined>;
    try {
      const answer = await this.pool(endpoint.origin).request({
        method: 'POST',
        path: endpoint.basePath + sendEmailPath,
        headers: signer.sign(body, this.options.now() + this.skewMs),
        body,
      });
      status = answer.statusCode;
      headers = answer.headers;
      text = await answer.body.text();
    } catch (error) {
      throw toAwsFailure('ses', 'SendEmail', error);
    }
    const json = parseObject(text);
    if (status === 200 && typeof json?.['MessageId'] === 'string') return json['MessageId'];
    throw this.failure(status, headers, json);
  }

  private failure(
    status: number,
    headers: Record<string, string | string[] | undefined>,
    json: Record<string, unknown> | undefined,
  ): AwsFailure {
    // Header first, then `__type`, then `code`; a suffix `:http://…` may follow the name (rest-json).
    const named = headers['x-amzn-errortype'] ?? json?.['__type'] ?? json?.['code'];
    const code =
      typeof named === 'string'
        ? (named.split(':')[0]?.split('#').pop() ?? 'Unknown')
        : status === 200
          ? 'MalformedAnswer'
          : 'Unknown';
    const message = json?.['message'] ?? json?.['Message'];
    if (isRefusalOfTime(code)) this.learnSkew(headers['date']);
    return new AwsFailure({
      service: 'ses',
      operation: 'SendEmail',
      code,
      httpStatus: status,
      message: typeof message === 'string' ? message : '',
      requestId: typeof headers['x-amzn-requestid'] === 'string' ? headers['x-amzn-requestid'] : undefined,
      // A 200 that cannot be read was a success whose message id is lost.
      effect: status === 200 ? 'unknown' : effectOf(code, status),
    });
  }

  private learnSkew(date: string | string[] | undefined): void {
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    const skew = theirs - this.options.now();
    // SES accepts ±5 minutes; below one minute the clock is not to blame.
    if (Number.isFinite(skew) && Math.abs(skew - this.skewMs) > 60_000) this.skewMs = skew;
  }

  private endpoint(region: string): Promise<Endpoint> {
    const known = this.endpoints.get(region) ?? resolveSesEndpoint(region);
    this.endpoints.set(region, known);
    return known;
  }

  private signer(session: SendingSession, endpoint: Endpoint): RequestSigner {
    const known = this.signers.get(session.credentials);
    if (known !== undefined) return known;
    const signer = new RequestSigner(
      session.credentials,
      session.region,
      'ses',
      endpoint.host,
      endpoint.basePath + sendEmailPath,
    );
    this.signers.set(session.credentials, signer);
    return signer;
  }

  private pool(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections: this.options.sendsInFlight,
      pipelining: 1,
      connectTimeout: 5_000,
      headersTimeout: this.options.sesTimeoutMs,
      bodyTimeout: this.options.sesTimeoutMs,
      // Shorter than what load balancers allow an idle socket, so that we close first.
      keepAliveTimeout: 15_000,
    });
    this.pools.set(origin, pool);
    return pool;
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
