import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import type { Config } from '#libs/config';
import { derivedSecrets, newId } from '#libs/crypto';
import type { PrismaClient } from '#libs/database';
import type { Logger } from '#libs/telemetry';
import { AUTH_PATH, CLIENT_ADDRESS_HEADER, SIGN_IN_PAGE, type SignUps } from './sign-ups.js';

const DAY_SECONDS = 24 * 3600;

/**
 * better-auth over our database: passwords, sessions, second factors and, if configured, one OpenID Connect provider.
 * Organizations, members and roles are ours and not its plugin's: keys and people are held against the same policy.
 */
export function createBetterAuth(config: Config, prisma: PrismaClient, signUps: SignUps, logger: Logger) {
  const { publicUrl } = config.http;
  const { oidc } = config.accounts;
  return betterAuth({
    appName: 'Sesame',
    basePath: AUTH_PATH,
    // Without SESAME_PUBLIC_URL the origin of each request counts.
    ...(publicUrl !== undefined && { baseURL: new URL(publicUrl).origin }),
    secrets: derivedSecrets(config.keyRing, 'better-auth'),
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    telemetry: { enabled: false },
    // Where a sign-in at the provider ends that cannot be told from which page it came.
    onAPIError: { errorURL: SIGN_IN_PAGE },
    user: { modelName: 'user' },
    session: {
      modelName: 'userSession',
      expiresIn: 7 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      // Each request asks the database: a session that was ended is over at once.
      cookieCache: { enabled: false },
    },
    account: { modelName: 'userAccount' },
    verification: { modelName: 'userVerification' },
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'userRateLimit',
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/*': { window: 60, max: 30 },
        '/sign-up/*': { window: 60, max: 30 },
        '/two-factor/*': { window: 60, max: 30 },
        '/change-password': { window: 60, max: 30 },
        // Read on every page; nothing to guess.
        '/get-session': false,
      },
    },
    advanced: {
      cookiePrefix: 'sesame',
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    hooks: {
      before: createAuthMiddleware(async (context) => {
        if (context.path !== '/sign-up/email') return;
        const body = (context.body ?? {}) as Record<string, unknown>;
        const email = typeof body['email'] === 'string' ? body['email'].toLowerCase() : '';
        const refusal = await signUps.refusal(email, invitationOf(body));
        if (refusal !== undefined)
          throw new APIError('FORBIDDEN', { code: 'SIGN_UP_NOT_ALLOWED', message: refusal });
      }),
    },
    databaseHooks: {
      user: {
        create: {
          after: async (user, context: { body?: unknown } | null | undefined) => {
            // Without a request it is the operator's command line, which makes its own organization.
            if (context === null || context === undefined) return;
            await signUps.welcome(user, invitationOf(context.body as Record<string, unknown> | undefined));
          },
        },
      },
    },
    plugins: [
      twoFactor({ issuer: 'Sesame', schema: { twoFactor: { modelName: 'userSecondFactor' } } }),
      ...(oidc === undefined
        ? []
        : [
            genericOAuth({
              config: [
                {
                  providerId: 'oidc',
                  discoveryUrl: `${oidc.issuer}/.well-known/openid-configuration`,
                  clientId: oidc.clientId,
                  clientSecret: oidc.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  requireIdTokenVerification: true,
                  pkce: true,
                },
              ],
            }),
          ]),
    ],
    // Its messages name no address; the values beside them do, and are left out.
    logger: {
      level: 'error',
      log: (_level: string, message: string) => logger.info('auth.note', { note: message.slice(0, 200) }),
    },
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;

function invitationOf(body: Record<string, unknown> | undefined): string | undefined {
  const invitation = body?.['invitation'];
  return typeof invitation === 'string' ? invitation : undefined;
}
