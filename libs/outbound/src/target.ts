import { OutboundError } from './outbound-error.js';

export interface UrlRules {
  /** Whether http:// is accepted too. */
  plainHttp: boolean;
}

/**
 * Parses a user's URL. Spellings of an IP address (decimal, octal, hexadecimal) have become dotted ones afterwards.
 *
 * @throws OutboundError `outbound.bad_url`, `outbound.http_refused`, `outbound.port_refused`
 */
export function parseTarget(text: string, { plainHttp }: UrlRules): URL {
  if (!URL.canParse(text)) throw new OutboundError('outbound.bad_url');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new OutboundError('outbound.bad_url');
  if (url.username !== '' || url.password !== '') throw new OutboundError('outbound.bad_url');
  if (url.protocol === 'http:' && !plainHttp) throw new OutboundError('outbound.http_refused');
  const port = portOf(url);
  // Below 1024 live mail, SSH, DNS and the like: nothing that an HTTP request should ever be sent to.
  if (port !== 80 && port !== 443 && port < 1024) throw new OutboundError('outbound.port_refused');
  return url;
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** The name or address to look up: without the brackets of IPv6 and the dot at the end of a complete name. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
