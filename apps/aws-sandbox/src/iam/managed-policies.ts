import { parsePolicy, type Policy } from './policy-document.js';

const allow = (...actions: string[]): Policy =>
  parsePolicy(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
    'identity',
  );

/** The AWS-managed policies somebody would pass as `PolicyArns` to narrow an SES session. */
const MANAGED_POLICIES: ReadonlyMap<string, Policy> = new Map([
  ['arn:aws:iam::aws:policy/AdministratorAccess', allow('*')],
  ['arn:aws:iam::aws:policy/AmazonSESFullAccess', allow('ses:*')],
  [
    'arn:aws:iam::aws:policy/AmazonSESReadOnlyAccess',
    allow('ses:Get*', 'ses:List*', 'ses:BatchGetMetricData'),
  ],
  [
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    allow('ses:Get*', 'ses:List*', 'sns:Get*', 'sns:List*', 'sqs:Get*', 'sqs:List*'),
  ],
]);

export const findManagedPolicy = (arn: string): Policy | undefined => MANAGED_POLICIES.get(arn);
