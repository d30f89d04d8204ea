/** A session this close to its end is not used any more: a request may wait in a queue or a retry. */
export const safetyMs = 30_000;

/**
 * When to make the next session: min(5 min, 25 % of the lifetime) ahead of expiry, and up to a tenth of the lifetime
 * earlier at random, so that sessions made together (a fleet that starts) are not renewed together.
 *
 * @param random in [0, 1)
 */
export function refreshTime(issuedMs: number, expiresMs: number, random: number): Date {
  const lifetimeMs = Math.max(0, expiresMs - issuedMs);
  const marginMs = Math.min(5 * 60_000, lifetimeMs * 0.25) + lifetimeMs * 0.1 * random;
  return new Date(expiresMs - marginMs);
}

/** Stale while valid: past its refresh time a session is still good. */
export function isUsable(expiresAt: Date, nowMs: number): boolean {
  return expiresAt.getTime() - nowMs > safetyMs;
}

/**
 * When STS may be asked again.
 *
 * A refusal keeps for 30-60 s: a role that is gone must not be hammered, and a repaired one is found by the checks.
 * Anything else (throttle, network, our own credentials) keeps for 2-5 s.
 */
export function retryTime(nowMs: number, isRefusal: boolean, random: number): Date {
  return new Date(nowMs + (isRefusal ? 30_000 + 30_000 * random : 2_000 + 3_000 * random));
}
