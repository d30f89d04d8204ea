export { createLogger, Logger } from './logger.js';
export { Metrics } from './metrics.js';
export { NestLogger } from './nest-logger.js';
export { TelemetryModule } from './telemetry.module.js';
export { endOnSignals } from './end-on-signals.js';
