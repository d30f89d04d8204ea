import createClient, { type Client } from 'openapi-fetch';
import { selectedOrganization } from './organization';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Api = Client<paths>;

/** A refusal of the API, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly field?: string,
    readonly remedy?: string,
    readonly requestId?: string,
  ) {
    super(message);
  }
}

const clients = new Map<string, Api>();

/** The API as the signed-in person, in a project where there is one, else in the organization that they look at. */
export function apiOf(projectId: string | undefined): Api {
  const organizationId = projectId === undefined ? selectedOrganization() : undefined;
  const key = projectId ?? `organization ${organizationId}`;
  const known = clients.get(key);
  if (known !== undefined) return known;
  const client = createClient<paths>({
    credentials: 'same-origin',
    headers: {
      ...(projectId !== undefined && { 'x-sesame-project': projectId }),
      ...(organizationId !== undefined && { 'x-sesame-organization': organizationId }),
    },
  });
  clients.set(key, client);
  return client;
}

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** @throws ApiError when the API refused, or could not be reached */
export async function unwrap<T>(reply: Promise<Reply<T>>): Promise<T> {
  let settled: Reply<T>;
  try {
    settled = await reply;
  } catch {
    throw new ApiError(0, 'Sesame could not be reached.', undefined, 'Check the connection and try again.');
  }
  if (settled.response.ok) return settled.data as T;
  throw toApiError(settled.response.status, settled.error);
}

/** Reads the error shape of the API; what a proxy in between says is named by its status. */
export function toApiError(status: number, body: unknown): ApiError {
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof told[name] === 'string' ? told[name] : undefined);
  return new ApiError(
    status,
    text('message') ?? `Sesame answered with status ${status}.`,
    text('field'),
    text('remedy'),
    text('request_id'),
  );
}
