import { z } from 'zod';
import { scenarios } from './scenarios.js';

export const changeSandboxSchema = z.strictObject({
  scenario: z.enum(scenarios, `must be one of ${scenarios.join(', ')}`),
});

export const sandboxChangeSchema = z.object({
  object: z.literal('sandbox_change'),
  connection_id: z.uuid(),
  scenario: z.enum(scenarios),
  aws_account_id: z.string(),
  region: z.string(),
  /** Checks that ended later have seen the change. */
  changed_at: z.string(),
  /** A mail that shows what the checks cannot; null where they show it, or where no identity could send it. */
  test_mail: z.object({ from: z.string(), to: z.string() }).nullable(),
});
