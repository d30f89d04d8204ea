import type { FeedbackWayFacts } from './feedback/feedback-way.js';
import type { PolicyDocument } from './policy-document.js';
import type { PolicyScope } from './scope.js';

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
  /** What brings SES's events to us, where the kit shall make that too. */
  way?: FeedbackWayFacts | undefined;
  scope: PolicyScope;
}
