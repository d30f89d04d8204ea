/** What tells where a browser's request comes from. */
export interface OriginHeaders {
  origin: string | undefined;
  secFetchSite: string | undefined;
}

/**
 * Whether a request that came with a cookie was made by our own pages: what another site makes a browser send must not count.
 * Browsers say so in Origin, in Sec-Fetch-Site, or both; both must agree, and silence is a no.
 *
 * @param own our origin, `https://host:port`
 */
export function isSameOrigin({ origin, secFetchSite }: OriginHeaders, own: string): boolean {
  if (origin === undefined && secFetchSite === undefined) return false;
  const isOwnOrigin = origin === undefined || origin === own;
  return isOwnOrigin && (secFetchSite === undefined || secFetchSite === 'same-origin');
}
