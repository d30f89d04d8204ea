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

/** Topics that Sesame makes carry its name, so that it needs no right on any other. */
export function topicArn(scope: PolicyScope): string {
  return `arn:${scope.partition}:sns:${scope.region}:${scope.accountId ?? '*'}:sesame-*`;
}
