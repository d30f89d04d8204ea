import type { PolicyDocument } from './policy-document.js';

/** Everything that the writers of the kit need; they add nothing but syntax. */
export interface KitFacts {
  region: string;
  partition: string;
  roleName: string;
  /** `/` unless the customer chose another. */
  rolePath: string;
  /** Name of the inline policy on the role: `sesame-send`. */
  policyName: string;
  externalIds: readonly string[];
  trustPolicy: PolicyDocument;
  permissionsPolicy: PolicyDocument;
  /** IAM allows 3600-43 200 for a role. */
  maxSessionSeconds: number;
}
