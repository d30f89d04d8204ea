import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type Config } from '#libs/config';
import { AppError } from '#libs/errors';
import type { Policy } from './scenarios.js';

const TIMEOUT_MS = 10_000;

const policy = z.custom<Policy>((value) => typeof value === 'object' && value !== null);
const roleSchema = z.object({ policies: z.record(z.string(), policy) });
const sesSchema = z.object({
  max_24_hour_send: z.number(),
  sent_last_24_hours: z.number(),
  identities: z.record(
    z.string(),
    z.object({
      type: z.enum(['DOMAIN', 'EMAIL_ADDRESS']),
      verified: z.boolean(),
      /** Made by a call of SES: DNS decides whether it is verified. */
      follows_dns: z.boolean(),
    }),
  ),
});
export type SandboxSes = z.infer<typeof sesSchema>;

export interface SandboxRole {
  path: string;
  trust_policy: Policy;
  policies: Readonly<Record<string, Policy>>;
  max_session_duration: number;
}

/** Amazon SES of one simulated account in one region. */
export interface SandboxRegion {
  readonly accountId: string;
  readonly region: string;
}

/** The admin side of apps/aws-sandbox: what the owner of a simulated AWS account does in its console. */
@Injectable()
export class SandboxAdmin {
  private readonly url: string;

  constructor(@Inject(CONFIG) config: Pick<Config, 'sandbox'>) {
    if (config.sandbox === undefined) throw new Error('there is no sandbox');
    this.url = `${config.sandbox.url}/_sandbox`;
  }

  /** @returns undefined when there is no such role */
  async findRole(accountId: string, name: string): Promise<z.infer<typeof roleSchema> | undefined> {
    const { status, body } = await this.call('GET', pathOfRole(accountId, name));
    return status === 404 ? undefined : roleSchema.parse(accepted(status, body));
  }

  async putRole(accountId: string, name: string, role: SandboxRole): Promise<void> {
    const { status, body } = await this.call('PUT', pathOfRole(accountId, name), role);
    accepted(status, body);
  }

  async deleteRole(accountId: string, name: string): Promise<void> {
    const { status, body } = await this.call('DELETE', pathOfRole(accountId, name), {});
    accepted(status, body);
  }

  /** @returns how it stands afterwards */
  async changeSes(at: SandboxRegion, change: Readonly<Record<string, unknown>>): Promise<SandboxSes> {
    const { status, body } = await this.call('PATCH', `${pathOfRegion(at)}/ses`, change);
    return sesSchema.parse(accepted(status, body));
  }

  async setVerified(at: SandboxRegion, identity: string, verified: boolean): Promise<void> {
    const path = `${pathOfRegion(at)}/identities/${encodeURIComponent(identity)}`;
    const { status, body } = await this.call('PUT', path, { verified });
    accepted(status, body);
  }

  private async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    try {
      const response = await fetch(this.url + path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.status, body: await response.json() };
    } catch (cause) {
      throw new AppError({
        code: 'sandbox.unreachable',
        kind: 'unavailable',
        message: `The AWS sandbox does not answer at ${this.url}.`,
        remedy: 'Start it with `npm start`, or set SESAME_SANDBOX_URL to where it listens.',
        cause,
      });
    }
  }
}

const pathOfRole = (accountId: string, name: string) =>
  `/accounts/${accountId}/roles/${encodeURIComponent(name)}`;
const pathOfRegion = ({ accountId, region }: SandboxRegion) => `/accounts/${accountId}/regions/${region}`;

/** @returns the body of an answer that is no refusal @throws AppError `sandbox.refused` */
function accepted(status: number, body: unknown): unknown {
  if (status < 300) return body;
  const { error } = z
    .object({ error: z.string() })
    .catch({ error: `status ${status}` })
    .parse(body);
  throw new AppError({
    code: 'sandbox.refused',
    kind: 'conflict',
    message: `The AWS sandbox refused the change: ${error}.`,
  });
}
