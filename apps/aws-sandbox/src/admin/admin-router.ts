import { jsonReply, type Reply } from '../http/reply.js';
import { header, type RawRequest } from '../http/request.js';
import type { World } from '../state/world.js';
import { AdminError } from './admin-error.js';

export interface AdminCall {
  readonly world: World;
  readonly request: RawRequest;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface AdminRoute {
  /** `METHOD /path/{param}`, below `/_sandbox`. */
  readonly on: string;
  readonly run: (call: AdminCall) => unknown;
}

/** An answer that is not JSON with status 200. */
export class AdminReply {
  constructor(readonly reply: Reply) {}
}

const ACCOUNT = /^\d{12}$/;

const match = (pattern: string, path: string): Record<string, string> | null => {
  const wanted = pattern.split('/');
  const actual = path.split('/');
  if (wanted.length !== actual.length) return null;
  const params: Record<string, string> = {};
  for (const [i, segment] of wanted.entries()) {
    const value = actual[i] ?? '';
    if (!segment.startsWith('{')) {
      if (segment !== value) return null;
      continue;
    }
    try {
      params[segment.slice(1, -1)] = decodeURIComponent(value);
    } catch {
      return null;
    }
  }
  return params;
};

const errorReply = (error: AdminError): Reply =>
  jsonReply(error.status, { error: error.message, field: error.field });

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** The API has no credentials, so a web page in the developer's browser must not be able to use it (CSRF, DNS rebinding). */
const isForeign = (request: RawRequest): boolean => {
  const host = header(request, 'host') ?? '';
  const origin = header(request, 'origin');
  return !LOOPBACK_HOST.test(host) || (origin !== undefined && origin !== `http://${host}`);
};

/** Serves the admin API: no signature, loopback only, JSON in and out. */
export const handleAdmin = async (
  world: World,
  routes: readonly AdminRoute[],
  request: RawRequest,
): Promise<Reply> => {
  const path = request.rawPath.replace(/^\/_sandbox/, '').replace(/(.)\/$/, '$1');
  let isKnownPath = false;
  if (isForeign(request))
    return jsonReply(403, {
      error: 'only for callers on this machine, not for other web pages',
      field: null,
    });
  try {
    for (const route of routes) {
      const [method = '', pattern = ''] = route.on.split(' ');
      const params = match(pattern, path);
      if (params === null) continue;
      isKnownPath = true;
      if (method !== request.method) continue;
      if (params['account'] !== undefined && !ACCOUNT.test(params['account']))
        throw new AdminError('an account id has 12 digits', 'account');
      const result = await route.run({
        world,
        request,
        params,
        query: new URLSearchParams(request.rawQuery),
      });
      return result instanceof AdminReply ? result.reply : jsonReply(200, result ?? {});
    }
  } catch (error) {
    if (error instanceof AdminError) return errorReply(error);
    throw error;
  }
  if (isKnownPath) return jsonReply(405, { error: `${request.method} is not possible here`, field: null });
  return errorReply(new AdminError('no such admin route', null, 404));
};
