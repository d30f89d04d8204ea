import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { get, GuardLab, reachable, refusal } from '../test/guard-lab.js';

let lab: GuardLab;
beforeEach(async () => {
  lab = await GuardLab.start();
});
afterEach(() => lab.close());

describe('redirects of GuardedHttp', () => {
  const redirectTo = (location: string, status = 302) => {
    lab.handle = (request, response) =>
      request.url === '/' ? response.writeHead(status, { location }).end('go') : response.end('there');
  };

  it('are answers, when none is to be followed', async () => {
    redirectTo('/next');
    const answer = await lab.guard().http.request(get(lab.at(reachable)));
    expect(answer).toMatchObject({ status: 302, headers: { location: '/next' } });
    expect(lab.seen).toHaveLength(1);
  });

  it('are answers to a POST, always', async () => {
    redirectTo('/next', 307);
    const answer = await lab
      .guard()
      .http.request(get(lab.at(reachable), { method: 'POST', body: 'x', redirects: 3 }));
    expect(answer.status).toBe(307);
    expect(lab.seen).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('%s is followed', async (status) => {
    redirectTo('/next', status);
    const answer = await lab.guard().http.request(get(lab.at(reachable), { redirects: 1 }));
    expect(answer.body.toString()).toBe('there');
    expect(answer.url).toBe(lab.at(reachable, '/next'));
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
    const { http } = lab.guard({ 'inside.example': [['192.168.0.1']] });
    expect((await refusal(http.request(get(lab.at(reachable), { redirects: 3 })))).code).toBe(code);
    expect(lab.seen).toHaveLength(1);
  });

  it('are looked up and checked again, hop by hop', async () => {
    redirectTo(lab.at('rebind.example', '/next'));
    const { http, resolver } = lab.guard({ 'rebind.example': [[reachable], ['10.0.0.1']] });
    const request = get(lab.at('rebind.example'), { redirects: 3 });
    expect((await refusal(http.request(request))).code).toBe('outbound.address_not_public');
    expect(resolver.asked).toEqual(['rebind.example', 'rebind.example']);
  });

  it('have a bound', async () => {
    lab.handle = (_request, response) => response.writeHead(302, { location: '/' }).end();
    const request = get(lab.at(reachable), { redirects: 3 });
    expect((await refusal(lab.guard().http.request(request))).code).toBe('outbound.redirect_refused');
    expect(lab.seen).toHaveLength(4);
  });

  it('take no credentials to another host', async () => {
    redirectTo(lab.at('b.example', '/next'));
    const { http } = lab.guard({ 'a.example': [[reachable]], 'b.example': [[reachable]] });
    const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'user-agent': 'Sesame' };
    await http.request(get(lab.at('a.example'), { headers, redirects: 1 }));
    expect(lab.seen[0]?.headers).toMatchObject(headers);
    expect(lab.seen[1]?.headers['user-agent']).toBe('Sesame');
    expect(lab.seen[1]?.headers).not.toHaveProperty('authorization');
    expect(lab.seen[1]?.headers).not.toHaveProperty('cookie');
  });

  it('do not start the time anew', async () => {
    lab.handle = (request, response) => {
      const hop = Number(request.url?.slice(1) || '0');
      setTimeout(() => response.writeHead(302, { location: `/${hop + 1}` }).end(), 40);
    };
    const request = get(lab.at(reachable), { redirects: 1_000, timeoutMs: 300 });
    expect((await refusal(lab.guard().http.request(request))).code).toBe('outbound.timeout');
    expect(lab.seen.length).toBeLessThan(100);
  });
});
