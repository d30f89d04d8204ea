import type { CallContext } from '../http/service.js';
import type { SesRegion } from '../state/ses-region.js';
import type { Shape } from './shape.js';

export interface SesCall extends CallContext {
  readonly ses: SesRegion;
}

/** How a query parameter becomes a member of the input. */
export type QueryParameter = {
  readonly member: string;
  readonly type: 'text' | 'integer' | 'list' | 'timestamp';
};

export interface SesRoute {
  readonly method: string;
  /** With `{Label}` segments, as in the service model. */
  readonly path: string;
}

export interface SesOperation {
  readonly name: string;
  /** The first is the current one; older SDKs use the others. */
  readonly routes: readonly SesRoute[];
  readonly query: Readonly<Record<string, QueryParameter>>;
  /** Sends authorise, throttle and report differently from the control plane. */
  readonly isSend: boolean;
  readonly input: Shape<unknown>;
  /** Resources of the IAM check, and actions beyond the operation's own name. */
  readonly access: (call: SesCall, input: unknown) => readonly Access[];
  readonly run: (call: SesCall, input: unknown) => unknown;
}

export interface Access {
  readonly action: string;
  readonly resource: string;
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[];
}

interface Definition<T> {
  readonly name: string;
  readonly routes: readonly string[];
  readonly query?: Readonly<Record<string, QueryParameter>>;
  readonly isSend?: boolean;
  readonly input: Shape<T>;
  /** ARN of the resource; default `*` for operations without resource-level permissions. */
  readonly resource?: (call: SesCall, input: T) => string;
  readonly run: (call: SesCall, input: T) => unknown;
}

const hasTags = (input: unknown): input is { readonly Tags: Access['tags'] & object } =>
  typeof input === 'object' &&
  input !== null &&
  'Tags' in input &&
  Array.isArray(input.Tags) &&
  input.Tags.length > 0;

/** Defines an operation; `routes` are written `METHOD /path`. */
export const operation = <T>(definition: Definition<T>): SesOperation => ({
  name: definition.name,
  routes: definition.routes.map((route) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, path };
  }),
  query: definition.query ?? {},
  isSend: definition.isSend ?? false,
  input: definition.input,
  access: (call, input) => {
    const resource = definition.resource?.(call, input as T) ?? '*';
    const own: Access = { action: `ses:${definition.name}`, resource };
    // A Create call that carries tags needs ses:TagResource as well, although nobody calls TagResource.
    return hasTags(input) && definition.name.startsWith('Create')
      ? [
          { ...own, tags: input.Tags },
          { action: 'ses:TagResource', resource, tags: input.Tags },
        ]
      : [own];
  },
  run: (call, input) => definition.run(call, input as T),
});

const paging = {
  NextToken: { member: 'NextToken', type: 'text' },
  PageSize: { member: 'PageSize', type: 'integer' },
} as const;
export const PAGING_QUERY: Readonly<Record<string, QueryParameter>> = paging;
