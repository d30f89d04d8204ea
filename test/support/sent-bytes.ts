import pg from 'pg';
import type { Customer } from './customer.js';

/** The message in the SES request that is stored for an email. */
export async function storedBytes(databaseUrl: string, emailId: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ payload: string }>(
      'SELECT payload FROM email_contents WHERE email_id = $1',
      [emailId],
    );
    const payload = JSON.parse(rows[0]?.payload ?? '{}') as { Content?: { Raw?: { Data: string } } };
    return Buffer.from(payload.Content?.Raw?.Data ?? '', 'base64');
  } finally {
    await client.end();
  }
}

/** The message as the sandbox's SES would deliver it: with its own Date and Message-ID at the end of the head. */
export async function deliveredBytes(customer: Customer, sesMessageId: string): Promise<Buffer> {
  const url = `${customer.stack.sandbox.url}/_sandbox/messages/${encodeURIComponent(sesMessageId)}/raw`;
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

/** A message without the headers that SES takes out or writes itself: equal before and after SES. */
export function apartFromSes(message: Buffer): string {
  const text = message.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end + 2).replace(/^(?:date|message-id|bcc):.*\r\n(?:[ \t].*\r\n)*/gim, '');
  return head + text.slice(end + 2);
}
