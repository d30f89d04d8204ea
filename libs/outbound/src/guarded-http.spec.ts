import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GuardedHttp, type OutboundRequest } from './guarded-http.js';
import { OutboundError } from './outbound-error.js';
import { Resolver } from './resolver.js';

/** The server listens at the one loopback address that the guard of these tests may reach. */
const reachable = '127.0.0.2';

/** Answers each lookup of a name with the next of its answers, the last one again and again. */
class ScriptedResolver extends Resolver {
  readonly asked: string[] = [];

  constructor(private readonly answers: Record<string, string[][]>) {
    super();
  }

  override resolve(hostname: string): Promise<string[]> {
    this.asked.push(hostname);
    const left = this.answers[hostname] ?? [];
    const next = left.length > 1 ? left.shift() : left[0];
    return next === undefined ? Promise.reject(new Error('SERVFAIL at 10.0.0.53')) : Promise.resolve(next);
  }
}

let server: Server;
let sockets: Set<Socket>;
let seen: IncomingMessage[];
let handle: (request: IncomingMessage, response: ServerResponse) => void;
const guards: GuardedHttp[] = [];

beforeEach(async () => {
  sockets = new Set();
  seen = [];
  handle = (_request, response) => response.end('hello');
  server = createServer((request, response) => {
    seen.push(request);
    handle(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, reachable, resolve));
});

afterEach(async () => {
  await Promise.all(guards.splice(0).map((guard) => guard.close()));
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

function guard(answers: Record<string, string[][]> = {}, plainHttp = true) {
  const resolver = new ScriptedResolver(answers);
  const http = new GuardedHttp({ allow: [`${reachable}/32`], plainHttp }, resolver);
  guards.push(http);
  return { http, resolver };
}

function at(host: string, path = '/'): string {
  return `http://${host}:${(server.address() as AddressInfo).port}${path}`;
}

function get(url: string, more: Partial<OutboundRequest> = {}): OutboundRequest {
  return { url, method: 'GET', timeoutMs: 10_000, maxResponseBytes: 1_000, ...more };
}

async function refusal(work: Promise<unknown>): Promise<OutboundError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OutboundError) return error;
  throw new Error('not refused', { cause: error });
}

/** All sockets of the server have ended. */
function allClosed(): Promise<unknown> {
  return Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.on('close', resolve))));
}

describe('GuardedHttp', () => {
  it('asks and reads the answer, whatever its status', async () => {
    handle = (request, response) => {
      response.writeHead(418, { 'X-Kind': 'teapot', 'Set-Cookie': ['a=1', 'b=2'] });
      request.pipe(response);
    };
    const answer = await guard().http.request({
      url: at(reachable, '/pot?size=1'),
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'milk',
      timeoutMs: 10_000,
      maxResponseBytes: 100,
    });
    expect(answer).toMatchObject({ status: 418, truncated: false, url: at(reachable, '/pot?size=1') });
    expect(answer.body.toString()).toBe('milk');
    expect(answer.headers).toMatchObject({ 'x-kind': 'teapot', 'set-cookie': 'a=1, b=2' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/pot?size=1' });
    expect(seen[0]?.headers['content-type']).toBe('text/plain');
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
    const { http, resolver } = guard();
    expect((await refusal(http.request(get(at(host))))).code).toBe('outbound.address_not_public');
    expect((await refusal(http.check(at(host), 10_000))).code).toBe('outbound.address_not_public');
    expect(resolver.asked).toEqual([]);
    expect(seen).toEqual([]);
  });

  it.each([
    ['private', 'inside.example', [['10.0.0.1']]],
    ['private, with a dot at the end', 'inside.example.', [['10.0.0.1']]],
    ['public and private', 'inside.example', [['8.8.8.8', '10.0.0.1']]],
    ['reachable and private', 'inside.example', [[reachable, '127.0.0.1']]],
    ['loopback in IPv6', 'inside.example', [['::1']]],
    ['no address at all', 'inside.example', [['not-an-address']]],
  ])('refuses a name whose addresses are %s', async (_, host, answers) => {
    const { http } = guard({ 'inside.example': answers });
    const error = await refusal(http.request(get(at(host))));
    expect(error).toMatchObject({ code: 'outbound.address_not_public', kind: 'invalid' });
    expect(error.message).not.toMatch(/\d/);
    expect(seen).toEqual([]);
  });

  it('connects to the address it checked: a second answer of DNS is never asked for', async () => {
    const { http, resolver } = guard({ 'rebind.example': [[reachable], ['127.0.0.1']] });
    const answer = await http.request(get(at('rebind.example')));
    expect(answer.body.toString()).toBe('hello');
    expect(resolver.asked).toEqual(['rebind.example']);
    expect(seen[0]?.headers.host).toBe(new URL(at('rebind.example')).host);
    expect(seen[0]?.socket.localAddress).toBe(reachable);
    // The next request is checked anew, kept-alive socket or not.
    expect((await refusal(http.request(get(at('rebind.example'))))).code).toBe('outbound.address_not_public');
    expect(seen).toHaveLength(1);
  });

  it('takes the address that answers, of several', async () => {
    // Nothing listens for this port at the second one.
    const http = new GuardedHttp(
      { allow: ['127.0.0.0/8'], plainHttp: true },
      new ScriptedResolver({ 'two.example': [['127.0.0.9', reachable]] }),
    );
    guards.push(http);
    expect((await http.request(get(at('two.example')))).status).toBe(200);
  });

  it('keeps sockets for further requests to the same origin', async () => {
    const { http } = guard({ 'a.example': [[reachable]] });
    for (let count = 0; count < 10; count++) await http.request(get(at('a.example')));
    // undici takes a second one when the first has not been put back yet.
    expect(new Set(seen.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2);
  });

  it('leaves no socket behind when it is closed', async () => {
    const { http } = guard();
    await http.request(get(at(reachable)));
    const closed = allClosed();
    await http.close();
    await closed;
    expect(sockets.size).toBe(0);
  });

  it.each([
    ['a name that does not exist', { 'none.example': [[]] }],
    ['a server that fails', {}],
  ])('says that DNS failed for %s, and not what its server said', async (_, answers) => {
    const error = await refusal(guard(answers).http.request(get(at('none.example'))));
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
    guards.push(http);
    const error = await refusal(http.request(get('https://slow.example', { timeoutMs: 50 })));
    expect(error).toMatchObject({ code: 'outbound.timeout', kind: 'unavailable' });
  });

  it('refuses plain http where only https is accepted', async () => {
    const { http } = guard({}, false);
    expect((await refusal(http.request(get(at(reachable))))).code).toBe('outbound.http_refused');
  });

  it('says that TLS failed, of a server that speaks none', async () => {
    const error = await refusal(guard().http.request(get(at(reachable).replace('http:', 'https:'))));
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
    const { http } = guard({ 'a.example': [[reachable]] });
    await refusal(http.request(get(`https://a.example.:${port}/`)));
    expect(names).toEqual(['a.example']);
    await new Promise((resolve) => tls.close(resolve));
  });

  it('says that the connection failed, of a server that hangs up or is not there', async () => {
    handle = (request) => request.socket.destroy();
    const { http } = guard();
    expect((await refusal(http.request(get(at(reachable))))).code).toBe('outbound.connect_failed');
    const url = at(reachable);
    await new Promise((resolve) => server.close(resolve));
    expect((await refusal(guard().http.request(get(url)))).code).toBe('outbound.connect_failed');
    await new Promise<void>((resolve) => server.listen(0, reachable, resolve));
  });

  describe('time', () => {
    it('ends a server that does not answer', async () => {
      handle = () => undefined;
      const error = await refusal(guard().http.request(get(at(reachable), { timeoutMs: 100 })));
      expect(error).toMatchObject({ code: 'outbound.timeout', kind: 'unavailable' });
      await allClosed();
    });

    it('ends a server that drips, byte by byte and never idle', async () => {
      let drip: NodeJS.Timeout | undefined;
      handle = (_request, response) => {
        response.writeHead(200);
        drip = setInterval(() => response.write('.'), 5);
      };
      const error = await refusal(
        guard().http.request(get(at(reachable), { timeoutMs: 150, maxResponseBytes: 1_000_000 })),
      );
      expect(error.code).toBe('outbound.timeout');
      await allClosed();
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
      handle = endless;
      const answer = await guard().http.request(get(at(reachable), { maxResponseBytes: 100_000 }));
      expect(answer).toMatchObject({ status: 200, truncated: true });
      expect(answer.body).toHaveLength(100_000);
      await allClosed();
    });

    it('or refuses it', async () => {
      handle = endless;
      const request = get(at(reachable), { maxResponseBytes: 100_000, overflow: 'fail' });
      expect(await refusal(guard().http.request(request))).toMatchObject({
        code: 'outbound.too_large',
        kind: 'invalid',
      });
      await allClosed();
    });

    it('refuses an announced size without receiving it', async () => {
      handle = (_request, response) => response.writeHead(200, { 'content-length': 1_001 }).flushHeaders();
      const request = get(at(reachable), { overflow: 'fail' });
      expect((await refusal(guard().http.request(request))).code).toBe('outbound.too_large');
      await allClosed();
    });

    it('takes exactly the bound', async () => {
      handle = (_request, response) => response.end('x'.repeat(1_000));
      const answer = await guard().http.request(get(at(reachable), { overflow: 'fail' }));
      expect(answer.body).toHaveLength(1_000);
      expect(answer.truncated).toBe(false);
    });

    it.each([
      ['gzip', gzipSync('hello')],
      ['br', brotliCompressSync('hello')],
    ])('asks for no compression, and unpacks %s all the same', async (encoding, packed) => {
      handle = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(packed);
      const answer = await guard().http.request(get(at(reachable)));
      expect(answer.body.toString()).toBe('hello');
      expect(seen[0]?.headers['accept-encoding']).toBe('identity');
    });

    it.each([
      ['gzip', gzipSync(Buffer.alloc(5_000_000))],
      ['br', brotliCompressSync(Buffer.alloc(5_000_000))],
    ])('does not unpack a bomb of %s', async (encoding, packed) => {
      handle = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(packed);
      const limit = { maxResponseBytes: 100_000 };
      const cut = await guard().http.request(get(at(reachable), limit));
      expect(cut).toMatchObject({ truncated: true, body: Buffer.alloc(0) });
      const request = get(at(reachable), { ...limit, overflow: 'fail' });
      expect((await refusal(guard().http.request(request))).code).toBe('outbound.too_large');
    });

    it.each([
      ['zstd', 'x'],
      ['gzip', 'not gzip'],
      ['gzip, gzip', 'x'],
    ])('says that %s cannot be read', async (encoding, body) => {
      handle = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body);
      expect((await refusal(guard().http.request(get(at(reachable))))).code).toBe('outbound.bad_encoding');
    });
  });

  describe('redirects', () => {
    const redirectTo = (location: string, status = 302) => {
      handle = (request, response) =>
        request.url === '/' ? response.writeHead(status, { location }).end('go') : response.end('there');
    };

    it('are answers, when none is to be followed', async () => {
      redirectTo('/next');
      const answer = await guard().http.request(get(at(reachable)));
      expect(answer).toMatchObject({ status: 302, headers: { location: '/next' } });
      expect(seen).toHaveLength(1);
    });

    it('are answers to a POST, always', async () => {
      redirectTo('/next', 307);
      const answer = await guard().http.request(
        get(at(reachable), { method: 'POST', body: 'x', redirects: 3 }),
      );
      expect(answer.status).toBe(307);
      expect(seen).toHaveLength(1);
    });

    it.each([301, 302, 303, 307, 308])('%s is followed', async (status) => {
      redirectTo('/next', status);
      const answer = await guard().http.request(get(at(reachable), { redirects: 1 }));
      expect(answer.body.toString()).toBe('there');
      expect(answer.url).toBe(at(reachable, '/next'));
    });

    it.each([
      ['http://127.0.0.1/', 'outbound.address_not_public'],
      ['http://169.254.169.254/latest/meta-data/', 'outbound.address_not_public'],
      ['//[::1]/', 'outbound.address_not_public'],
      ['http://0x7f000001/', 'outbound.address_not_public'],
      ['http://inside.example/', 'outbound.address_not_public'],
      ['http://user:password@127.0.0.2/', 'outbound.bad_url'],
      ['file:///etc/passwd', 'outbound.bad_url'],
      ['http://127.0.0.2:22/', 'outbound.port_refused'],
      ['http://', 'outbound.redirect_refused'],
    ])('to %s is refused: %s', async (location, code) => {
      redirectTo(location);
      const { http } = guard({ 'inside.example': [['192.168.0.1']] });
      expect((await refusal(http.request(get(at(reachable), { redirects: 3 })))).code).toBe(code);
      expect(seen).toHaveLength(1);
    });

    it('are looked up and checked again, hop by hop', async () => {
      redirectTo(at('rebind.example', '/next'));
      const { http, resolver } = guard({ 'rebind.example': [[reachable], ['10.0.0.1']] });
      const request = get(at('rebind.example'), { redirects: 3 });
      expect((await refusal(http.request(request))).code).toBe('outbound.address_not_public');
      expect(resolver.asked).toEqual(['rebind.example', 'rebind.example']);
    });

    it('have a bound', async () => {
      handle = (_request, response) => response.writeHead(302, { location: '/' }).end();
      const request = get(at(reachable), { redirects: 3 });
      expect((await refusal(guard().http.request(request))).code).toBe('outbound.redirect_refused');
      expect(seen).toHaveLength(4);
    });

    it('take no credentials to another host', async () => {
      redirectTo(at('b.example', '/next'));
      const { http } = guard({ 'a.example': [[reachable]], 'b.example': [[reachable]] });
      const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'user-agent': 'Sesame' };
      await http.request(get(at('a.example'), { headers, redirects: 1 }));
      expect(seen[0]?.headers).toMatchObject(headers);
      expect(seen[1]?.headers['user-agent']).toBe('Sesame');
      expect(seen[1]?.headers).not.toHaveProperty('authorization');
      expect(seen[1]?.headers).not.toHaveProperty('cookie');
    });

    it('do not start the time anew', async () => {
      handle = (request, response) => {
        const hop = Number(request.url?.slice(1) || '0');
        setTimeout(() => response.writeHead(302, { location: `/${hop + 1}` }).end(), 40);
      };
      const request = get(at(reachable), { redirects: 1_000, timeoutMs: 300 });
      expect((await refusal(guard().http.request(request))).code).toBe('outbound.timeout');
      expect(seen.length).toBeLessThan(100);
    });
  });
});
