import { z } from 'zod';

// Sesame sets no plan limits: they are null where Resend has a number.
const noLimit = z.null();
const time = z.string();
const counter = z.object({ used: z.int(), limit: noLimit });
const quota = z.object({
  used: z.int(),
  limit: noLimit,
  sent: z.int(),
  received: z.int(),
  resets_at: time,
});

export const usageSchema = z
  .object({
    object: z.literal('usage'),
    emails: z.object({ daily: quota, monthly: quota }),
    contacts: counter,
    segments: counter,
    broadcasts: counter,
    ai_credits: counter.extend({ next_increase_at: z.null() }),
    automation_runs: counter.extend({ resets_at: time }),
    domains: counter,
    rate_limit: z.object({ limit: z.int(), duration: z.string() }),
  })
  .meta({ id: 'Usage' });
