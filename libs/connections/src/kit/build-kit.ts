import { partitionOfRegion } from '#libs/aws';
import type { Connection } from '../connection.js';
import { noRole } from '../connection-errors.js';
import type { PlatformPrincipal } from '../platform-principal.js';
import { feedbackArns, feedbackNames } from './feedback/feedback-names.js';
import type { FeedbackWay, FeedbackWayFacts } from './feedback/feedback-way.js';
import type { KitFacts } from './kit-facts.js';
import { permissionsPolicy, type FeedbackGrant, type KitPurpose, type PolicyOptions } from './permissions.js';
import type { PolicyDocument } from './policy-document.js';
import { consoleUrl, quickCreateUrl } from './quick-create.js';
import type { PolicyScope } from './scope.js';
import { trustPolicy } from './trust-policy.js';
import { cloudFormationParameters, writeCloudFormation } from './write-cloudformation.js';
import { writeCli } from './write-cli.js';
import { writeTerraform } from './write-terraform.js';

export const kitFormats = ['json', 'cli', 'terraform', 'cloudformation'] as const;
export type KitFormat = (typeof kitFormats)[number];

export interface KitOptions {
  purpose: KitPurpose;
  format: KitFormat;
  /** See fromPattern(). */
  from?: string | undefined;
  /** Which rights `events` asks for. */
  feedback?: FeedbackGrant | undefined;
  /** With `events` and `all`: the kit also makes what brings the events to us, and the role needs to make nothing. */
  way?: FeedbackWay | undefined;
  /** See parseSourceIps(). */
  sourceIps?: readonly string[] | undefined;
  /** Where the CloudFormation template lies in S3, for a quick-create link. */
  templateUrl?: string | undefined;
}

/** The kit as the API shows it. */
export interface Kit {
  object: 'kit';
  purpose: KitPurpose;
  format: KitFormat;
  role_name: string;
  external_id: string;
  trusted_principal: string;
  trust_policy: PolicyDocument;
  permissions_policy: PolicyDocument;
  /** Script or template of the format; null for json. */
  script: string | null;
  /** Null unless the template lies in S3 (see quickCreateUrl). */
  quick_create_url: string | null;
  /** "Create stack" in the AWS console, to upload the CloudFormation format of this kit. */
  console_url: string;
}

type KitConnection = Pick<
  Connection,
  | 'id'
  | 'region'
  | 'roleArn'
  | 'awsAccountId'
  | 'externalId'
  | 'pendingExternalId'
  | 'requestedSessionSeconds'
>;

/** Role names are global in an account; the tail of the connection id keeps two connections apart. */
export function roleNameFor(connection: Pick<Connection, 'id' | 'roleArn'>): string {
  return connection.roleArn?.split('/').pop() ?? `sesame-ses-${connection.id.slice(-8)}`;
}

/** `/vendors/` of `arn:aws:iam::444455556666:role/vendors/Sender`: a role made anew needs it, to have the same ARN. */
function rolePathFor({ roleArn }: Pick<Connection, 'roleArn'>): string {
  const resource = roleArn?.split(':role')[1] ?? '/';
  return resource.slice(0, resource.lastIndexOf('/') + 1);
}

export function scopeOf(connection: Pick<Connection, 'region' | 'awsAccountId'>): PolicyScope {
  return {
    partition: partitionOfRegion(connection.region),
    region: connection.region,
    accountId: connection.awsAccountId,
  };
}

/** The external IDs that the trust policy should list now: during a rotation the old and the new one. */
export function externalIdsOf(connection: Pick<Connection, 'externalId' | 'pendingExternalId'>): string[] {
  const { externalId, pendingExternalId } = connection;
  return pendingExternalId === null ? [externalId] : [externalId, pendingExternalId];
}

export function kitFacts(
  connection: KitConnection,
  principal: PlatformPrincipal,
  purpose: KitPurpose,
  options: PolicyOptions & Pick<KitOptions, 'way'> = {},
): KitFacts {
  const scope = scopeOf(connection);
  const externalIds = externalIdsOf(connection);
  return {
    region: scope.region,
    partition: scope.partition,
    roleName: roleNameFor(connection),
    rolePath: rolePathFor(connection),
    policyName: `sesame-${purpose}`,
    externalIds,
    trustPolicy: trustPolicy(principal, externalIds),
    permissionsPolicy: permissionsPolicy(
      purpose,
      scope,
      options.way === undefined ? options : { ...options, feedback: 'kit' },
    ),
    scope,
    way: wayFacts(connection, purpose, scope, options.way),
    maxSessionSeconds: Math.max(3600, connection.requestedSessionSeconds),
  };
}

function wayFacts(
  { id }: KitConnection,
  purpose: KitPurpose,
  scope: PolicyScope,
  way: FeedbackWay | undefined,
): FeedbackWayFacts | undefined {
  if (way === undefined || (purpose !== 'events' && purpose !== 'all')) return undefined;
  // Policies of topics and queues name the account.
  if (scope.accountId === null) throw noRole();
  const names = feedbackNames(id);
  return { ...way, names, arns: feedbackArns(scope, names), accountId: scope.accountId };
}

/** @param from already through fromPattern() @throws AppError `connection.no_role` */
export function buildKit(connection: KitConnection, principal: PlatformPrincipal, options: KitOptions): Kit {
  const facts = kitFacts(connection, principal, options.purpose, options);
  const { templateUrl } = options;
  return {
    object: 'kit',
    purpose: options.purpose,
    format: options.format,
    role_name: facts.roleName,
    external_id: connection.externalId,
    trusted_principal: principal.trustedArn,
    trust_policy: facts.trustPolicy,
    permissions_policy: facts.permissionsPolicy,
    script: scriptOf(options.format, facts),
    quick_create_url:
      templateUrl === undefined
        ? null
        : quickCreateUrl(
            templateUrl,
            facts.partition,
            facts.region,
            facts.roleName,
            cloudFormationParameters(facts),
          ),
    console_url: consoleUrl(facts.partition, facts.region),
  };
}

function scriptOf(format: KitFormat, facts: KitFacts): string | null {
  switch (format) {
    case 'json':
      return null;
    case 'cli':
      return writeCli(facts);
    case 'terraform':
      return writeTerraform(facts);
    case 'cloudformation':
      return writeCloudFormation(facts);
  }
}
