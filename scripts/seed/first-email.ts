import { DEMO_CUSTOMER } from './customer.js';
import { JsonClient } from './http-json.js';
import type { SeedFile } from './seed-file.js';
import { waitUntil } from './wait-until.js';

const SEND_TIMEOUT_MS = 60_000;

interface Email {
  id: string;
  status: string;
  ses_message_id: string | null;
  error: { message: string; remedy?: unknown } | null;
}
interface SandboxMessage {
  message_id: string;
  principal_arn: string;
}

const WAITING = ['queued', 'scheduled', 'sending'];
const SENT = ['sent', 'delivered'];

/** Sends one email as any customer would, and shows who really sent it. The idempotency key keeps it at one. */
export async function sendFirstEmail(apiUrl: string, sandbox: JsonClient, file: SeedFile): Promise<void> {
  const api = new JsonClient(apiUrl, file.state.api_key);
  const { id } = await api.call<{ id: string }>('/emails', {
    method: 'POST',
    headers: { 'idempotency-key': 'sesame-first-email' },
    body: {
      from: `Sesame <hello@${DEMO_CUSTOMER.verified_domain}>`,
      to: ['success@simulator.amazonses.com'],
      subject: 'Open sesame',
      text: 'A role was assumed, and through it this email was sent.',
      html: '<p>A role was assumed, and through it <strong>this email</strong> was sent.</p>',
    },
  });
  file.save({ email_id: id });
  const email = await waitUntil(
    () => api.call<Email>(`/emails/${id}`),
    ({ status }) => !WAITING.includes(status),
    SEND_TIMEOUT_MS,
  );
  if (!SENT.includes(email.status)) {
    throw new Error(`The first email is ${email.status} instead of sent. ${email.error?.message ?? ''}`);
  }
  console.log(`✓ First email ${id} is ${email.status}`);
  const sender = await senderOf(sandbox, email.ses_message_id);
  if (sender !== undefined) console.log(`  by ${sender}`);
}

async function senderOf(sandbox: JsonClient, messageId: string | null): Promise<string | undefined> {
  const path = `/_sandbox/messages?account=${DEMO_CUSTOMER.customer_account_id}`;
  const answer = await sandbox.call<
    SandboxMessage[] | { data?: SandboxMessage[]; messages?: SandboxMessage[] }
  >(path);
  const messages = Array.isArray(answer) ? answer : (answer.data ?? answer.messages ?? []);
  return messages.find((message) => message.message_id === messageId)?.principal_arn;
}
