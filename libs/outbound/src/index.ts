export { GuardedHttp } from './guarded-http.js';
export type { GuardOptions, OutboundRequest, OutboundResponse } from './guarded-http.js';
export { OutboundError } from './outbound-error.js';
export type { OutboundErrorCode } from './outbound-error.js';
export { OutboundModule } from './outbound.module.js';
export { Resolver, SystemResolver } from './resolver.js';
