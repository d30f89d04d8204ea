import type { Stack } from './stack.js';
import { until } from './until.js';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

/** One call of the API. */
export async function call<T = Record<string, unknown>>(
  url: string,
  key: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T, headers: response.headers };
}

export interface Check {
  name: string;
  outcome: string;
  side: string | null;
  detail: string;
  remedy: string | null;
  paste: { trust_policy?: object; permissions_policy?: object; cli?: string } | null;
}

export interface ConnectionBody {
  id: string;
  status: string;
  role_arn: string | null;
  external_id: string;
  pending_external_id: string | null;
  session_duration: { requested_seconds: number; granted_seconds: number | null; reason: string | null };
  ses: Record<string, unknown> | null;
  checks: Check[];
}

export interface Kit {
  trust_policy: object;
  permissions_policy: object;
}

export interface RoleFields {
  trust_policy?: object;
  policies?: Record<string, object>;
  max_session_duration?: number;
}

export const customerAccount = '444455556666';
export const region = 'eu-west-1';

/** A customer of the product: a project with a key, and an AWS account in the sandbox. */
export class Customer {
  private turn = 0;

  private constructor(
    readonly stack: Stack,
    readonly projectId: string,
    readonly key: string,
    readonly account: string,
    readonly domain: string,
  ) {}

  static async create(stack: Stack, account = customerAccount, domain = 'example.com'): Promise<Customer> {
    const project = await call<{ id: string }>(stack.api, stack.organization.key, 'POST', '/v1/projects', {
      name: `Project ${account}`,
    });
    const key = await call<{ token: string }>(
      stack.api,
      stack.organization.key,
      'POST',
      `/v1/projects/${project.body.id}/api-keys`,
      { name: 'test' },
    );
    const customer = new Customer(stack, project.body.id, key.body.token, account, domain);
    await customer.ses({ production_access: true, max_send_rate: 10_000, max_24_hour_send: 1_000_000 });
    await customer.admin('PUT', `/accounts/${account}/regions/${region}/identities/${domain}`, {
      verified: true,
    });
    return customer;
  }

  /** The sandbox's admin side. */
  async admin<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call<T>(`${this.stack.sandbox.url}/_sandbox`, undefined, method, path, body);
    if (answer.status >= 300)
      throw new Error(`sandbox ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  ses(settings: object): Promise<unknown> {
    return this.admin('PATCH', `/accounts/${this.account}/regions/${region}/ses`, settings);
  }

  api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>> {
    const { apis } = this.stack;
    return call<T>(apis[this.turn++ % apis.length] ?? this.stack.api, this.key, method, path, body, headers);
  }

  async newConnection(): Promise<ConnectionBody> {
    return (await this.api<ConnectionBody>('POST', `/v1/projects/${this.projectId}/connections`, { region }))
      .body;
  }

  async connection(id: string): Promise<ConnectionBody> {
    return (await this.api<ConnectionBody>('GET', `/v1/connections/${id}`)).body;
  }

  async kit(id: string): Promise<Kit> {
    return until('kit', async () => {
      const answer = await this.api<Kit>('GET', `/v1/connections/${id}/kit?purpose=send&format=json`);
      return answer.status === 200 ? answer.body : undefined;
    });
  }

  /** Makes or changes a role as the kit says, apart from `fields`. */
  async putRole(name: string, connectionId: string, fields: RoleFields = {}): Promise<string> {
    const kit = await this.kit(connectionId);
    const role = await this.admin<{ arn: string }>('PUT', `/accounts/${this.account}/roles/${name}`, {
      trust_policy: kit.trust_policy,
      policies: { send: kit.permissions_policy },
      ...fields,
    });
    return role.arn;
  }

  async untilStatus(id: string, ...statuses: string[]): Promise<ConnectionBody> {
    let seen: ConnectionBody | undefined;
    return until(`connection ${statuses.join('/')}`, async () => {
      seen = await this.connection(id);
      if (statuses.includes(seen.status)) return seen;
      throw new Error(
        `${seen.status}: ${seen.checks.map((check) => `${check.name}=${check.outcome} (${check.detail})`).join('; ')}`,
      );
    });
  }

  /** A connection with a role that is just right. */
  async connect(roleName = 'Sender'): Promise<ConnectionBody> {
    const connection = await this.newConnection();
    const roleArn = await this.putRole(roleName, connection.id);
    await this.api('PATCH', `/v1/connections/${connection.id}`, { role_arn: roleArn });
    return this.untilStatus(connection.id, 'active');
  }

  email(fields: object = {}): object {
    return {
      from: `Sender <hello@${this.domain}>`,
      to: ['success@simulator.amazonses.com'],
      subject: 'Hello',
      html: '<p>Hello</p>',
      ...fields,
    };
  }

  async send(fields: object = {}): Promise<string> {
    const answer = await this.api<{ id: string }>('POST', '/emails', this.email(fields));
    if (answer.status !== 200) throw new Error(`send: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  }

  async untilEmail(id: string, status: string): Promise<Record<string, unknown>> {
    return until(`email ${status}`, async () => {
      const { body } = await this.api('GET', `/emails/${id}`);
      if (body['status'] === status) return body;
      throw new Error(JSON.stringify(body));
    });
  }

  async messages(): Promise<{ message_id: string; principal_arn: string; tags: unknown; to: string[] }[]> {
    return this.admin('GET', `/messages?account=${this.account}&limit=20000`);
  }
}
