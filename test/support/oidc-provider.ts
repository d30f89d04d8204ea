import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OidcPerson {
  sub: string;
  email: string;
  name: string;
  email_verified: boolean;
}

/** A small OpenID Connect provider: authorization code with PKCE, ID tokens with RS256. */
export interface OidcProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who its page, at `/authorize`, offers to a browser; beside a refusal. */
  person: OidcPerson;
  /** What the provider's page does when `person` signs in there. @returns where the browser is sent to */
  authorize(url: string, person: OidcPerson): URL;
  close(): Promise<void>;
}

export async function startOidcProvider(): Promise<OidcProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const client = { clientId: 'sesame-test', clientSecret: 'oidc-client-secret-5f1c' };
  const grants = new Map<string, { person: OidcPerson; nonce: string | null; challenge: string | null }>();
  let issuer = '';

  const idToken = (code: string, verifier: string): object | undefined => {
    const grant = grants.get(code);
    grants.delete(code);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (grant === undefined || grant.challenge !== challenge) return undefined;
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, exp: now + 300 };
    const claims = { iss: issuer, aud: client.clientId, ...times, ...grant.person, nonce: grant.nonce };
    const head = { alg: 'RS256', typ: 'JWT', kid: 'k1' };
    const text = [head, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url');
    return {
      access_token: `access-${code}`,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: `${text}.${signature}`,
    };
  };

  const answer = async (request: IncomingMessage): Promise<object | undefined> => {
    const path = request.url?.split('?')[0];
    if (path === '/.well-known/openid-configuration')
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        userinfo_endpoint: `${issuer}/userinfo`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      };
    if (path === '/jwks')
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] };
    if (path !== '/token') return undefined;
    let text = '';
    for await (const part of request) text += String(part);
    const form = new URLSearchParams(text);
    return idToken(form.get('code') ?? '', form.get('code_verifier') ?? '');
  };

  const authorize = (url: string, person: OidcPerson): URL => {
    const asked = new URL(url).searchParams;
    const code = `code-${grants.size}-${person.sub}`;
    grants.set(code, { person, nonce: asked.get('nonce'), challenge: asked.get('code_challenge') });
    return backTo(asked, { code });
  };

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/authorize') === true) {
      const url = new URL(request.url, issuer);
      const links = [
        [authorize(url.href, provider.person), `Sign in as ${provider.person.name}`],
        [backTo(url.searchParams, { error: 'access_denied' }), 'Refuse'],
      ] as const;
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        links.map(([to, text]) => `<a href="${to.href.replaceAll('&', '&amp;')}">${text}</a>`).join(' '),
      );
      return;
    }
    void answer(request).then((body) => {
      response.writeHead(body === undefined ? 400 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? { error: 'invalid_grant' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const provider: OidcProvider = {
    issuer,
    ...client,
    person: { sub: 'o-1', email: 'olga@example.org', name: 'Olga', email_verified: true },
    authorize,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

/** Where the browser goes from the provider's page. */
function backTo(asked: URLSearchParams, answer: Record<string, string>): URL {
  const back = new URL(asked.get('redirect_uri') ?? '');
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  back.searchParams.set('state', asked.get('state') ?? '');
  return back;
}
