/** Where the permissions of a connection end: one region, and one account as soon as it is known. */
export interface PolicyScope {
  partition: string;
  region: string;
  accountId: string | null;
}

/** `arn:aws:ses:eu-west-1:444455556666:identity/*` */
export function sesArn(scope: PolicyScope, resource: string): string {
  return `arn:${scope.partition}:ses:${scope.region}:${scope.accountId ?? '*'}:${resource}`;
}

/** `arn:aws:sqs:eu-west-1:444455556666:sesame-*` */
export function arnOf(scope: PolicyScope, service: string, resource: string): string {
  return `arn:${scope.partition}:${service}:${scope.region}:${scope.accountId ?? '*'}:${resource}`;
}

/** IAM knows no regions. */
export function iamArn(scope: PolicyScope, resource: string): string {
  return `arn:${scope.partition}:iam::${scope.accountId ?? '*'}:${resource}`;
}
