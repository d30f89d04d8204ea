export { LogsModule } from './logs.module.js';
export type { LogDetail, LogFilter, LogItem } from './logs.repository.js';
export { ReadLogs } from './read-logs.js';
export type { RequestEntry } from './request-entry.js';
export { RequestLog } from './request-log.js';
