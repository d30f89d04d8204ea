import { MalformedPolicy } from './malformed-policy.js';
import { parsePolicy, type Policy } from './policy-document.js';

/**
 * Parses the policy of a topic or queue. `resolve` gives the unique id of a principal's ARN. Throws
 * {@link MalformedPolicy}, also for actions that belong to another service.
 */
export const parseResourcePolicy = (
  text: string,
  service: 'sns' | 'sqs',
  resolve: (arn: string) => string | null,
): Policy => {
  const policy = parsePolicy(text, 'resource', resolve);
  const { Statement } = policy.document as { Statement: unknown };
  for (const statement of [Statement].flat() as { Action?: unknown; NotAction?: unknown }[]) {
    for (const action of [statement.Action ?? statement.NotAction ?? []].flat()) {
      const prefix = String(action).split(':', 1)[0]?.toLowerCase();
      if (prefix !== '*' && prefix !== service)
        throw new MalformedPolicy('Policy statement action out of service scope!');
    }
  }
  return policy;
};
