import { createHash } from 'node:crypto';
import { header, type RawRequest } from '../http/request.js';

export const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The path as it was sent, each segment percent-encoded **again**: every service but S3 signs
 * `/identities/news%40example.com` as `/identities/news%2540example.com`.
 */
export const canonicalPath = (rawPath: string): string => {
  const segments: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(/^[A-Za-z0-9\-._~]*$/.test(segment) ? segment : encode(segment));
  }
  if (segments.length === 0) return '/';
  return `/${segments.join('/')}${rawPath.endsWith('/') ? '/' : ''}`;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Sorted by encoded name, then value. A `+` stays a plus sign; a name without value gets an empty one. */
export const canonicalQuery = (rawQuery: string): string => {
  if (rawQuery === '') return '';
  const pairs: [string, string][] = [];
  for (const pair of rawQuery.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    const value = equals === -1 ? '' : pair.slice(equals + 1);
    pairs.push([encode(decode(name)), encode(decode(value))]);
  }
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return pairs
    .sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
};

const collapse = (value: string): string => (value.includes('  ') ? value.replace(/ +/g, ' ') : value).trim();

export const canonicalRequest = (
  request: RawRequest,
  signedHeaders: readonly string[],
  bodyHash: string,
): string => {
  const sorted = [...signedHeaders].sort();
  let headers = '';
  for (const name of sorted) headers += `${name}:${collapse(header(request, name) ?? '')}\n`;
  return `${request.method}\n${canonicalPath(request.rawPath)}\n${canonicalQuery(request.rawQuery)}\n${headers}\n${sorted.join(';')}\n${bodyHash}`;
};
