import type { Customer, Kit } from './customer.js';

export const furnishedMail = {
  subject: 'Your order is on its way',
  html: '<h1 style="color:#0f766e">On its way</h1><p>Order 1024 left our house today.</p>',
  text: 'Order 1024 left our house today.',
};

/** Things of a project that have a page of their own. */
export type Furniture = Readonly<
  Record<
    'connection' | 'rejected connection' | 'email' | 'scheduled email' | 'domain' | 'template' | 'webhook',
    string
  >
>;

/** Puts one of everything into a project. @returns the paths of their pages, below the project's */
export async function furnish(customer: Customer): Promise<Furniture> {
  const connection = await customer.connect();
  const everything = await customer.api<Kit>('GET', `/v1/connections/${connection.id}/kit?purpose=all`);
  await customer.putRole('Sender', connection.id, {
    policies: { all: everything.body.permissions_policy },
  });

  const open = await customer.newConnection();
  const arn = await customer.putRole('Ajar', open.id, {
    trust_policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    },
  });
  await customer.api('PATCH', `/v1/connections/${open.id}`, { role_arn: arn });
  await customer.untilStatus(open.id, 'rejected');

  const email = await customer.send({ ...furnishedMail, connection_id: connection.id });
  await customer.untilEmail(email, 'sent');
  const scheduled = await customer.send({
    connection_id: connection.id,
    scheduled_at: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const create = async (path: string, body: object) => {
    const answer = await customer.api('POST', path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return String(answer.body['id']);
  };
  const domain = await create('/domains', { name: 'shop.example.org', connection_id: connection.id });
  const template = await create('/templates', {
    name: 'Order',
    subject: 'Order {{{NUMBER}}}',
    html: '<p>Order {{{NUMBER}}} is on its way.</p>',
    variables: [{ key: 'NUMBER', type: 'string' }],
  });
  const webhook = await create('/webhooks', {
    endpoint: 'https://hooks.example.org/sesame',
    events: ['email.sent', 'email.bounced'],
  });
  await create('/suppressions', { email: 'nobody@example.org' });
  return {
    connection: `/connections/${connection.id}`,
    'rejected connection': `/connections/${open.id}`,
    email: `/emails/${email}`,
    'scheduled email': `/emails/${scheduled}`,
    domain: `/domains/${domain}`,
    template: `/templates/${template}`,
    webhook: `/webhooks/${webhook}`,
  };
}
