import { Webhook } from 'standardwebhooks';

/**
 * The headers that prove where a body comes from, under both names that verifiers look for: `svix-*` (Resend's) and `webhook-*`
 * (Standard Webhooks).
 *
 * @param secrets `whsec_…`, each signs: during a rotation the receiver may have either
 * @param at the moment of this attempt: verifiers refuse what is more than five minutes away
 */
export function signedHeaders(
  secrets: readonly string[],
  messageId: string,
  at: Date,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(' ');
  return {
    'svix-id': messageId,
    'svix-timestamp': timestamp,
    'svix-signature': signature,
    'webhook-id': messageId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  };
}
