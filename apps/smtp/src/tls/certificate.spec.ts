import { X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '#libs/config';
import { SystemClock } from '#libs/crypto';
import { createLogger } from '#libs/telemetry';
import { Certificate } from './certificate.js';
import { selfSigned, type KeyAndCertificate } from './self-signed.js';

const now = new Date();

function certificate(env: Record<string, string>, lines: string[] = []): Certificate {
  const config = loadConfig({ DATABASE_URL: 'postgres://x/y', SESAME_KEYS: 'k', ...env });
  return new Certificate(
    config,
    new SystemClock(),
    createLogger('info', 'smtp', (line) => lines.push(line)),
  );
}

function files(material: KeyAndCertificate): { SMTP_TLS_CERT_FILE: string; SMTP_TLS_KEY_FILE: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sesame-tls-'));
  const names = { SMTP_TLS_CERT_FILE: join(folder, 'crt.pem'), SMTP_TLS_KEY_FILE: join(folder, 'key.pem') };
  writeFileSync(names.SMTP_TLS_CERT_FILE, material.cert);
  writeFileSync(names.SMTP_TLS_KEY_FILE, material.key);
  return names;
}

describe('selfSigned', () => {
  it('is a certificate that vouches for itself and for all its names', () => {
    const { cert, key } = selfSigned(['localhost', '127.0.0.1', '::1', `${'a'.repeat(60)}.example`], now);
    const parsed = new X509Certificate(cert);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(parsed.checkIP('::1')).toBe('::1');
    expect(parsed.checkHost('other')).toBeUndefined();
    expect(new Date(parsed.validFrom).getTime()).toBeLessThan(now.getTime());
    expect(new Date(parsed.validTo).getTime()).toBeGreaterThan(now.getTime() + 3_000 * 86_400_000);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  it('is what a TLS client trusts that was told to', async () => {
    const material = selfSigned(['localhost', '127.0.0.1'], now);
    const server = createServer(material, (socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const text = await new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', ca: material.cert, servername: 'localhost' });
      socket.once('data', (data) => resolve(data.toString())).once('error', reject);
    });
    server.close();
    expect(text).toBe('hello');
  });
});

describe('Certificate', () => {
  it('makes one in development, and says so', () => {
    const lines: string[] = [];
    expect(certificate({}, lines).open(() => undefined)?.cert).toContain('BEGIN CERTIFICATE');
    expect(lines.join()).toContain('smtp.self_signed_certificate');
  });

  it('takes one from files, in production too', () => {
    const material = selfSigned(['mail.example.com'], now);
    const opened = certificate({ NODE_ENV: 'production', ...files(material) });
    expect(opened.open(() => undefined)).toEqual(material);
    opened.beforeApplicationShutdown();
  });

  it('has none behind a proxy', () => {
    expect(certificate({ NODE_ENV: 'production', SMTP_TLS: 'off' }).open(() => undefined)).toBeUndefined();
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'production without files',
      { NODE_ENV: 'production' },
      /SMTP_TLS_CERT_FILE and SMTP_TLS_KEY_FILE, or SMTP_TLS=off/,
    ],
    ['clear-text logins in production', { NODE_ENV: 'production', SMTP_TLS: 'optional' }, /development only/],
    ['half of the two', { SMTP_TLS_CERT_FILE: '/x' }, /set both/],
    [
      'files that are not there',
      { SMTP_TLS_CERT_FILE: '/no/crt', SMTP_TLS_KEY_FILE: '/no/key' },
      /cannot be used: .*ENOENT/,
    ],
    [
      'TLS on one port and none on the other',
      { SMTP_TLS: 'off', SMTP_IMPLICIT_TLS_PORT: '465' },
      /needs TLS/,
    ],
  ])('refuses %s', (_, env, text) => {
    expect(() => certificate(env).open(() => undefined)).toThrow(text);
  });

  it('refuses a key that belongs to another certificate', () => {
    const { cert } = selfSigned(['a.example'], now);
    const { key } = selfSigned(['b.example'], now);
    expect(() => certificate(files({ cert, key })).open(() => undefined)).toThrow(/cannot be used/);
  });

  it('reads the files again on SIGHUP, and keeps what it has when they are bad', () => {
    const lines: string[] = [];
    const names = files(selfSigned(['a.example'], now));
    const renewed: KeyAndCertificate[] = [];
    const opened = certificate(names, lines);
    opened.open((material) => renewed.push(material));
    const next = selfSigned(['a.example'], now);
    writeFileSync(names.SMTP_TLS_CERT_FILE, next.cert);
    process.emit('SIGHUP');
    expect(renewed).toEqual([]);
    expect(lines.join()).toContain('smtp.certificate_not_reloaded');
    writeFileSync(names.SMTP_TLS_KEY_FILE, next.key);
    process.emit('SIGHUP');
    expect(renewed).toEqual([next]);
    opened.beforeApplicationShutdown();
    process.emit('SIGHUP');
    expect(renewed).toHaveLength(1);
  });
});
