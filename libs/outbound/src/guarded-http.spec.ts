import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { get, GuardLab, reachable, refusal, ScriptedResolver } from '../test/guard-lab.js';
import { GuardedHttp } from './guarded-http.js';
import { Resolver } from './resolver.js';

let lab: GuardLab;
beforeEach(async () => {
  lab = await GuardLab.start();
});
afterEach(() => lab.close());

describe('GuardedHttp', () => {
  it('asks and reads the answer, whatever its status', async () => {
    lab.handle = (request, response) => {
      response.writeHead(418, { 'X-Kind': 'teapot', 'Set-Cookie': ['a=1', 'b=2'] });
      request.pipe(response);
    };
    const answer = await lab.guard().http.request({
      url: lab.at(reachable, '/pot?size=1'),
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'milk',
      timeoutMs: 10_000,
      maxResponseBytes: 100,
    });
    expect(answer).toMatchObject({ status: 418, truncated: false, url: lab.at(reachable, '/pot?size=1') });
    expect(answer.body.toString()).toBe('milk');
    expect(answer.headers).toMatchObject({ 'x-kind': 'teapot', 'set-cookie': 'a=1, b=2' });
    expect(lab.seen[0]).toMatchObject({ method: 'POST', url: '/pot?size=1' });
    expect(lab.seen[0]?.headers['content-type']).toBe('text/plain');
  });

  it.each([
    '127.0.0.1',
    '127.0.0.3',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fc00::1]',
    '[fe80::1]',
    '10.0.0.1',
    '169.254.169.254',
    '100.64.0.1',
  ])('refuses the address %s without asking DNS or connecting', async (host) => {
    const { http, resolver } = lab.guard();
    expect((await refusal(http.request(get(lab.at(host))))).code).toBe('outbound.address_not_public');
    expect((await refusal(http.check(lab.at(host), 10_000))).code).toBe('outbound.address_not_public');
    expect(resolver.asked).toEqual([]);
    expect(lab.seen).toEqual([]);
  });

  it.each([
    ['private', 'inside.example', [['10.0.0.1']]],
    ['private, with a dot at the end', 'inside.example.', [['10.0.0.1']]],
    ['public and private', 'inside.example', [['8.8.8.8', '10.0.0.1']]],
    ['reachable and private', 'inside.example', [[reachable, '127.0.0.1']]],
    ['loopback in IPv6', 'inside.example', [['::1']]],
    ['no address at all', 'inside.example', [['not-an-address']]],
  ])('refuses a name whose addresses are %s', async (_, host, answers) => {
    const { http } = lab.guard({ 'inside.example': answers });
    const error = await refusal(http.request(get(lab.at(host))));
    expect(error).toMatchObject({ code: 'outbound.address_not_public', kind: 'invalid' });
    expect(error.message).not.toMatch(/\d/);
    expect(lab.seen).toEqual([]);
  });

  it('connects to the address it checked: a second answer of DNS is never asked for', async () => {
    const { http, resolver } = lab.guard({ 'rebind.example': [[reachable], ['127.0.0.1']] });
    const answer = await http.request(get(lab.at('rebind.example')));
    expect(answer.body.toString()).toBe('hello');
    expect(resolver.asked).toEqual(['rebind.example']);
    expect(lab.seen[0]?.headers.host).toBe(new URL(lab.at('rebind.example')).host);
    expect(lab.seen[0]?.socket.localAddress).toBe(reachable);
    // The next request is checked anew, kept-alive socket or not.
    expect((await refusal(http.request(get(lab.at('rebind.example'))))).code).toBe(
      'outbound.address_not_public',
    );
    expect(lab.seen).toHaveLength(1);
  });

  it('takes the address that answers, of several', async () => {
    // Nothing listens for this port at the second one.
    const http = new GuardedHttp(
      { allow: ['127.0.0.0/8'], plainHttp: true },
      new ScriptedResolver({ 'two.example': [['127.0.0.9', reachable]] }),
    );
    lab.guards.push(http);
    expect((await http.request(get(lab.at('two.example')))).status).toBe(200);
  });

  it('keeps sockets for further requests to the same origin', async () => {
    const { http } = lab.guard({ 'a.example': [[reachable]] });
    for (let count = 0; count < 10; count++) await http.request(get(lab.at('a.example')));
    // undici takes a second one when the first has not been put back yet.
    expect(new Set(lab.seen.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2);
  });

  it('leaves no socket behind when it is closed', async () => {
    const { http } = lab.guard();
    await http.request(get(lab.at(reachable)));
    const closed = lab.allClosed();
    await http.close();
    await closed;
    expect(lab.sockets.size).toBe(0);
  });

  it.each([
    ['a name that does not exist', { 'none.example': [[]] }],
    ['a server that fails', {}],
  ])('says that DNS failed for %s, and not what its server said', async (_, answers) => {
    const error = await refusal(lab.guard(answers).http.request(get(lab.at('none.example'))));
    expect(error).toMatchObject({ code: 'outbound.dns_failed', kind: 'unavailable' });
    expect(error.message).not.toContain('10.0.0.53');
  });

  it('does not wait for DNS longer than for everything', async () => {
    class SilentResolver extends Resolver {
      override resolve(): Promise<string[]> {
        return new Promise(() => undefined);
      }
    }
    const http = new GuardedHttp({ allow: [], plainHttp: true }, new SilentResolver());
    lab.guards.push(http);
    const error = await refusal(http.request(get('https://slow.example', { timeoutMs: 50 })));
    expect(error).toMatchObject({ code: 'outbound.timeout', kind: 'unavailable' });
  });

  it('refuses plain http where only https is accepted', async () => {
    const { http } = lab.guard({}, false);
    expect((await refusal(http.request(get(lab.at(reachable))))).code).toBe('outbound.http_refused');
  });

  it('says that TLS failed, of a server that speaks none', async () => {
    const error = await refusal(lab.guard().http.request(get(lab.at(reachable).replace('http:', 'https:'))));
    expect(error).toMatchObject({ code: 'outbound.tls_failed', kind: 'unavailable' });
  });

  it('names the host to TLS, not the address it is pinned to', async () => {
    const names: string[] = [];
    const tls = createTlsServer({
      SNICallback: (name, callback) => {
        names.push(name);
        callback(new Error('no certificate'));
      },
    });
    tls.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => tls.listen(0, reachable, resolve));
    const { port } = tls.address() as AddressInfo;
    const { http } = lab.guard({ 'a.example': [[reachable]] });
    await refusal(http.request(get(`https://a.example.:${port}/`)));
    expect(names).toEqual(['a.example']);
    await new Promise((resolve) => tls.close(resolve));
  });

  it('says that the connection failed, of a server that hangs up or is not there', async () => {
    lab.handle = (request) => request.socket.destroy();
    const { http } = lab.guard();
    expect((await refusal(http.request(get(lab.at(reachable))))).code).toBe('outbound.connect_failed');
    const url = lab.at(reachable);
    await new Promise((resolve) => lab.server.close(resolve));
    expect((await refusal(lab.guard().http.request(get(url)))).code).toBe('outbound.connect_failed');
    await new Promise<void>((resolve) => lab.server.listen(0, reachable, resolve));
  });

  describe('time', () => {
    it('ends a server that does not answer', async () => {
      lab.handle = () => undefined;
      const error = await refusal(lab.guard().http.request(get(lab.at(reachable), { timeoutMs: 100 })));
      expect(error).toMatchObject({ code: 'outbound.timeout', kind: 'unavailable' });
      await lab.allClosed();
    });

    it('ends a server that drips, byte by byte and never idle', async () => {
      let drip: NodeJS.Timeout | undefined;
      lab.handle = (_request, response) => {
        response.writeHead(200);
        drip = setInterval(() => response.write('.'), 5);
      };
      const error = await refusal(
        lab.guard().http.request(get(lab.at(reachable), { timeoutMs: 150, maxResponseBytes: 1_000_000 })),
      );
      expect(error.code).toBe('outbound.timeout');
      await lab.allClosed();
      clearInterval(drip);
    });
  });

  describe('size', () => {
    /** Never ends: only a reader that stops comes to an end. */
    function endless(_request: IncomingMessage, response: ServerResponse): void {
      const fill = () => {
        while (response.write(Buffer.alloc(64 * 1024, 'x')));
      };
      response.on('drain', fill);
      fill();
    }

    it('cuts an answer without end and closes the connection', async () => {
      lab.handle = endless;
      const answer = await lab.guard().http.request(get(lab.at(reachable), { maxResponseBytes: 100_000 }));
      expect(answer).toMatchObject({ status: 200, truncated: true });
      expect(answer.body).toHaveLength(100_000);
      await lab.allClosed();
    });

    it('or refuses it', async () => {
      lab.handle = endless;
      const request = get(lab.at(reachable), { maxResponseBytes: 100_000, overflow: 'fail' });
      expect(await refusal(lab.guard().http.request(request))).toMatchObject({
        code: 'outbound.too_large',
        kind: 'invalid',
      });
      await lab.allClosed();
    });

    it('refuses an announced size without receiving it', async () => {
      lab.handle = (_request, response) =>
        response.writeHead(200, { 'content-length': 1_001 }).flushHeaders();
      const request = get(lab.at(reachable), { overflow: 'fail' });
      expect((await refusal(lab.guard().http.request(request))).code).toBe('outbound.too_large');
      await lab.allClosed();
    });

    it('takes exactly the bound', async () => {
      lab.handle = (_request, response) => response.end('x'.repeat(1_000));
      const answer = await lab.guard().http.request(get(lab.at(reachable), { overflow: 'fail' }));
      expect(answer.body).toHaveLength(1_000);
      expect(answer.truncated).toBe(false);
    });

    it.each([
      ['gzip', gzipSync('hello')],
      ['br', brotliCompressSync('hello')],
    ])('asks for no compression, and unpacks %s all the same', async (encoding, packed) => {
      lab.handle = (_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(packed);
      const answer = await lab.guard().http.request(get(lab.at(reachable)));
      expect(answer.body.toString()).toBe('hello');
      expect(lab.seen[0]?.headers['accept-encoding']).toBe('identity');
    });

    it.each([
      ['gzip', gzipSync(Buffer.alloc(5_000_000))],
      ['br', brotliCompressSync(Buffer.alloc(5_000_000))],
    ])('does not unpack a bomb of %s', async (encoding, packed) => {
      lab.handle = (_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(packed);
      const limit = { maxResponseBytes: 100_000 };
      const cut = await lab.guard().http.request(get(lab.at(reachable), limit));
      expect(cut).toMatchObject({ truncated: true, body: Buffer.alloc(0) });
      const request = get(lab.at(reachable), { ...limit, overflow: 'fail' });
      expect((await refusal(lab.guard().http.request(request))).code).toBe('outbound.too_large');
    });

    it.each([
      ['zstd', 'x'],
      ['gzip', 'not gzip'],
      ['gzip, gzip', 'x'],
    ])('says that %s cannot be read', async (encoding, body) => {
      lab.handle = (_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(body);
      expect((await refusal(lab.guard().http.request(get(lab.at(reachable))))).code).toBe(
        'outbound.bad_encoding',
      );
    });
  });
});
