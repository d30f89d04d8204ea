import type { Resend } from 'resend';

export const order = {
  from: 'Shop <shop@example.com>',
  subject: 'Order {{{ID}}}',
  replyTo: 'answers@example.com',
  html: '<p>{{ITEM}} costs {{{PRICE}}}</p>',
  variables: [
    { key: 'ID', type: 'string' as const },
    { key: 'ITEM', type: 'string' as const, fallbackValue: 'Something' },
    { key: 'PRICE', type: 'number' as const, fallbackValue: 25 },
  ],
};

let count = 0;

/** A published template. @returns its id and alias */
export async function publishTemplate(
  resend: Resend,
  fields: object = {},
): Promise<{ id: string; alias: string }> {
  const alias = `order-${(count += 1)}`;
  const { data, error } = await resend.templates
    .create({ name: alias, alias, ...order, ...fields })
    .publish();
  if (data === null) throw new Error(JSON.stringify(error));
  return { id: data.id, alias };
}
