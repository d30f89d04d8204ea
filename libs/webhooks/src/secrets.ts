import { randomBytes } from 'node:crypto';
import type { Sealer } from '#libs/crypto';

const BYTES = 32;

/** `whsec_` and standard base64, as Standard Webhooks has it: base64url makes verifiers throw. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(BYTES).toString('base64')}`;
}

export interface SealedSecrets {
  sealedSecret: string;
  previousSealedSecret: string | null;
}

export function sealSecret(sealer: Sealer, webhookId: string, secret: string): string {
  return sealer.seal(secret, { table: 'webhooks', column: 'sealed_secret', rowId: webhookId });
}

/** The column is part of the seal: the current secret is sealed anew when it becomes the previous one. */
export function sealPreviousSecret(sealer: Sealer, webhookId: string, secret: string): string {
  return sealer.seal(secret, { table: 'webhooks', column: 'previous_sealed_secret', rowId: webhookId });
}

export function openSecret(sealer: Sealer, webhookId: string, sealed: string): string {
  return sealer.open(sealed, { table: 'webhooks', column: 'sealed_secret', rowId: webhookId });
}

/** Newest first. */
export function openSecrets(sealer: Sealer, webhookId: string, sealed: SealedSecrets): string[] {
  const { sealedSecret, previousSealedSecret } = sealed;
  const current = openSecret(sealer, webhookId, sealedSecret);
  if (previousSealedSecret === null) return [current];
  const place = { table: 'webhooks', column: 'previous_sealed_secret', rowId: webhookId };
  return [current, sealer.open(previousSealedSecret, place)];
}
