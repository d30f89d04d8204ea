import { isIP } from 'node:net';
import type { Dispatcher } from 'undici';
import { AppError } from '#libs/errors';
import { codeOf, OutboundError } from './outbound-error.js';
import { PinnedPools } from './pinned-pools.js';
import { isPublicAddress, parseRanges, type AddressRange } from './public-address.js';
import { readBody, unpack } from './read-body.js';
import type { Resolver } from './resolver.js';
import { hostOf, parseTarget } from './target.js';

export interface OutboundRequest {
  /** As the user wrote it. */
  url: string;
  method: 'GET' | 'HEAD' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** For everything together: DNS, all redirects, the last byte. */
  timeoutMs: number;
  /** Of the answer's body, packed and unpacked. */
  maxResponseBytes: number;
  /** What a longer answer is: cut (default), or a failure. */
  overflow?: 'truncate' | 'fail';
  /** Redirects that are followed, of GET and HEAD only; without any, a 3xx is an answer like others. Default 0. */
  redirects?: number;
  /** Ends it earlier. */
  signal?: AbortSignal;
  /** Told of bytes of the answer as they come in; what it throws ends the request and is thrown. */
  onBytes?: (count: number) => void;
}

export interface OutboundResponse {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  truncated: boolean;
  /** Where the answer came from, after redirects. */
  url: string;
}

export interface GuardOptions {
  /** CIDR ranges that count as public. */
  allow: readonly string[];
  /** Whether http:// is accepted. */
  plainHttp: boolean;
}

/** What a redirect to somebody else may be told. */
const harmlessHeaders = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent']);

/**
 * The only way to a URL that a user gave. Every address its host has must be public; the connection goes to the addresses that
 * were checked; every redirect is checked again; time and size have bounds.
 */
export class GuardedHttp {
  private readonly pools = new PinnedPools();
  private readonly allowed: readonly AddressRange[];

  constructor(
    private readonly options: GuardOptions,
    private readonly resolver: Resolver,
  ) {
    this.allowed = parseRanges(options.allow);
  }

  /** @throws OutboundError; whatever the server answers is an answer, 4xx and 5xx too */
  async request(request: OutboundRequest): Promise<OutboundResponse> {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    try {
      return await this.follow(request, signal);
    } catch (error) {
      throw translate(error, signal);
    }
  }

  /**
   * Whether a request to the URL would be made, without making it: for settings that take a URL.
   *
   * @throws OutboundError as {@link request} would
   */
  async check(url: string, timeoutMs: number): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      await this.checkedAddresses(parseTarget(url, this.options), deadline);
    } catch (error) {
      throw translate(error, deadline);
    }
  }

  close(): Promise<void> {
    return this.pools.close();
  }

  private async follow(request: OutboundRequest, deadline: AbortSignal): Promise<OutboundResponse> {
    let url = parseTarget(request.url, this.options);
    let headers: Readonly<Record<string, string>> = { 'accept-encoding': 'identity', ...request.headers };
    let left = request.method === 'POST' ? 0 : (request.redirects ?? 0);
    const follows = left > 0;
    for (;;) {
      const answer = await this.ask(url, headers, request, deadline);
      const location = answer.headers['location'];
      if (!follows || location === undefined || ![301, 302, 303, 307, 308].includes(answer.statusCode))
        return await read(url, answer, request);
      // What comes with a redirect interests nobody, and may be endless.
      answer.body.on('error', () => undefined).destroy();
      const next = this.redirected(url, location);
      if (left-- === 0) throw new OutboundError('outbound.redirect_refused');
      if (next.origin !== url.origin) headers = onlyHarmless(headers);
      url = next;
    }
  }

  private redirected(from: URL, location: string | string[]): URL {
    if (typeof location !== 'string' || !URL.canParse(location, from.href))
      throw new OutboundError('outbound.redirect_refused');
    const next = parseTarget(new URL(location, from.href).href, this.options);
    if (from.protocol === 'https:' && next.protocol === 'http:')
      throw new OutboundError('outbound.redirect_refused');
    return next;
  }

  private async ask(
    url: URL,
    headers: Readonly<Record<string, string>>,
    { method, body }: OutboundRequest,
    deadline: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const addresses = await this.checkedAddresses(url, deadline);
    return this.pools.for(url, addresses).request({
      method,
      path: url.pathname + url.search,
      headers,
      body: body ?? null,
      signal: deadline,
    });
  }

  /** One private address among public ones is enough to refuse: which one a connection takes is chance. */
  private async checkedAddresses(url: URL, deadline: AbortSignal): Promise<string[]> {
    const host = hostOf(url);
    const addresses = isIP(host) === 0 ? await withDeadline(this.lookUp(host), deadline) : [host];
    if (!addresses.every((address) => isPublicAddress(address, this.allowed)))
      throw new OutboundError('outbound.address_not_public');
    return addresses;
  }

  private async lookUp(host: string): Promise<string[]> {
    try {
      const addresses = await this.resolver.resolve(host);
      if (addresses.length > 0) return addresses;
    } catch (error) {
      throw new OutboundError('outbound.dns_failed', error);
    }
    throw new OutboundError('outbound.dns_failed');
  }
}

async function read(
  url: URL,
  { statusCode, headers, body }: Dispatcher.ResponseData,
  { maxResponseBytes, overflow, onBytes }: OutboundRequest,
): Promise<OutboundResponse> {
  const flat = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
  const announced = Number(flat['content-length'] ?? 0);
  if (overflow === 'fail' && announced > maxResponseBytes) {
    body.on('error', () => undefined).destroy();
    throw new OutboundError('outbound.too_large');
  }
  const packed = await readBody(body, maxResponseBytes, onBytes);
  const whole = await unpack(packed, flat['content-encoding'] ?? '', maxResponseBytes);
  if (overflow === 'fail' && whole.truncated) throw new OutboundError('outbound.too_large');
  return { status: statusCode, headers: flat, ...whole, url: url.href };
}

function onlyHarmless(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => harmlessHeaders.has(name.toLowerCase())),
  );
}

async function withDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    onAbort = () => reject(new OutboundError('outbound.timeout'));
    if (deadline.aborted) onAbort();
    else deadline.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (onAbort !== undefined) deadline.removeEventListener('abort', onAbort);
  }
}

/** What the network says, in words that tell nothing about our side of it. */
function translate(error: unknown, deadline: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (deadline.aborted) return new OutboundError('outbound.timeout', error);
  const code = codeOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new OutboundError('outbound.timeout', error);
  const isTls = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code);
  return new OutboundError(isTls ? 'outbound.tls_failed' : 'outbound.connect_failed', error);
}
