export type { EmailHappening, LiveEvent } from './live-event.js';
export { LiveHub } from './live-hub.js';
export { LiveNotices } from './live-notices.js';
export { LiveModule, LiveStreamsModule } from './live.module.js';
