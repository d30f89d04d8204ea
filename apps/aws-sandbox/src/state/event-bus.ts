export interface RuleTarget {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string | undefined;
  readonly [member: string]: unknown;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly createdBy: string;
  eventPattern: string | null;
  scheduleExpression: string | null;
  description: string | null;
  roleArn: string | null;
  state: 'ENABLED' | 'DISABLED';
  readonly targets: Map<string, RuleTarget>;
}

export interface Connection {
  readonly name: string;
  readonly arn: string;
  readonly secretArn: string;
  readonly createdAt: number;
  modifiedAt: number;
  description: string | null;
  authorizationType: 'API_KEY' | 'BASIC' | 'OAUTH_CLIENT_CREDENTIALS';
  /** The header every call carries. Kept like a secret: never shown. */
  header: { readonly name: string; readonly value: string };
  /** `DEAUTHORIZED` once a destination has answered 401 or 407. */
  state: 'AUTHORIZED' | 'DEAUTHORIZED';
}

export interface ApiDestination {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  description: string | null;
  connectionArn: string;
  invocationEndpoint: string;
  httpMethod: string;
  invocationRateLimitPerSecond: number;
}

/** The default event bus of one account in one region: SES publishes to no other. */
export interface EventBusRegion {
  readonly accountId: string;
  readonly region: string;
  readonly rules: Map<string, Rule>;
  readonly connections: Map<string, Connection>;
  readonly apiDestinations: Map<string, ApiDestination>;
}

export const newEventBusRegion = (accountId: string, region: string): EventBusRegion => ({
  accountId,
  region,
  rules: new Map(),
  connections: new Map(),
  apiDestinations: new Map(),
});
