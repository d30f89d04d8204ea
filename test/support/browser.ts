import { createHmac } from 'node:crypto';
import type { Answer } from './customer.js';

/** Somebody at the dashboard: a cookie jar, and the headers by which a browser tells where a request comes from. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    readonly headers: Record<string, string> = {},
  ) {}

  /** With other cookies of its own, or the same headers for another project or organization. */
  with(headers: Record<string, string>): Browser {
    const other = new Browser(this.url, { ...this.headers, ...headers });
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        origin: this.url,
        ...(this.cookies.size > 0 && {
          cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0'))
        this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(name.length + 1));
    }
    const text = await response.text();
    return {
      status: response.status,
      body: (response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
        ? JSON.parse(text)
        : { text }) as T,
      headers: response.headers,
    };
  }

  signUp(email: string, fields: object = {}): Promise<Answer> {
    return this.call('POST', '/auth/sign-up/email', {
      name: email.split('@')[0],
      email,
      password: PASSWORD,
      ...fields,
    });
  }

  signIn(email: string, password = PASSWORD): Promise<Answer> {
    return this.call('POST', '/auth/sign-in/email', { email, password });
  }
}

export const PASSWORD = 'correct horse battery';

/** A six-digit code of RFC 6238. @param uri otpauth://totp/…?secret=<base32> */
export function totp(uri: string, atMs = Date.now()): string {
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function base32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
