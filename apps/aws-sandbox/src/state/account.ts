import type { Policy } from '../iam/policy-document.js';
import type { EventBusRegion } from './event-bus.js';
import type { SqsRegion } from './queue.js';
import type { SesRegion } from './ses-region.js';
import type { SnsRegion } from './topic.js';
import { Versioned } from './versioned.js';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface NamedPolicies {
  readonly byName: ReadonlyMap<string, Policy>;
  readonly list: readonly Policy[];
}

export interface User {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly userId: string;
  readonly policies: NamedPolicies;
  readonly accessKeys: readonly AccessKey[];
}

export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly roleId: string;
  readonly maxSessionDuration: number;
  readonly trustPolicy: Policy;
  /** ARNs of the trust policy's principals → the unique ids they had when it was saved. */
  readonly resolvedPrincipals: Readonly<Record<string, string>>;
  readonly policies: NamedPolicies;
  readonly createdAt: number;
}

export interface Account {
  readonly accountId: string;
  readonly users: Map<string, User>;
  readonly roles: Map<string, Versioned<Role>>;
  readonly ses: Map<string, SesRegion>;
  readonly sns: Map<string, SnsRegion>;
  readonly sqs: Map<string, SqsRegion>;
  readonly eventBuses: Map<string, EventBusRegion>;
}

export const newAccount = (accountId: string): Account => ({
  accountId,
  users: new Map(),
  roles: new Map(),
  ses: new Map(),
  sns: new Map(),
  sqs: new Map(),
  eventBuses: new Map(),
});

export const namedPolicies = (entries: Iterable<readonly [string, Policy]>): NamedPolicies => {
  const byName = new Map(entries);
  return { byName, list: [...byName.values()] };
};
