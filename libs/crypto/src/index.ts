export { Clock, SystemClock } from './clock.js';
export { CryptoModule } from './crypto.module.js';
export { derivedSecrets } from './derived-secrets.js';
export { derivedId, firstIdAt, isUuid, newId, timeOfId } from './ids.js';
export { Sealer } from './sealer.js';
export type { SealPlace } from './sealer.js';
export { Signer } from './signer.js';
export { hashApiKey, newApiKey, newExternalId, sha256 } from './tokens.js';
