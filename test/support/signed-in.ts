import type { Browser } from 'playwright-core';
import { Customer } from './customer.js';
import type { Stack } from './stack.js';
import { Visitor } from './visitor.js';

/** Somebody who has signed up and is at the dashboard, with a project of theirs. */
export async function signedIn(
  browser: Browser,
  stack: Stack,
): Promise<{ visitor: Visitor; customer: Customer }> {
  const visitor = await Visitor.open(browser, stack.api);
  const { request } = visitor.context;
  const post = async (path: string, data: object) => {
    const answer = await request.post(path, { data, headers: { origin: stack.api } });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  await post('/auth/sign-up/email', {
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    password: 'open-sesame-2026',
  });
  const me = (await (await request.get('/v1/me')).json()) as { organization_id: string };
  const key = await post(`/v1/organizations/${me.organization_id}/api-keys`, { name: 'test' });
  const organization = { id: me.organization_id, key: String(key['token']) };
  return { visitor, customer: await Customer.create({ ...stack, organization }) };
}
