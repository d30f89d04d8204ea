import type { RoleConnection } from '../connection.js';
import type { PlatformPrincipal } from '../platform-principal.js';

/** What every judgement of one round of checks rests on. */
export interface RoundContext {
  connection: RoleConnection;
  principal: PlatformPrincipal;
  now: Date;
  windowMs: number;
  /** IAM may not have seen a change yet: a refusal is not final. */
  isInsideWindow: boolean;
  /** The same for a role that is open and should not be. Never true for a connection that sends. */
  isInsideSafetyGrace: boolean;
}
