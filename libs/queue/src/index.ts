export { createQueueBackend } from './backend.js';
export type { QueueBackend, QueueConnection } from './backend.js';
export { jobs, purposes, queueNames } from './catalog.js';
export type { JobData, JobDefinition, JobName, QueueName } from './catalog.js';
export { JobConsumer } from './job-consumer.js';
export type { JobHandlers } from './job-consumer.js';
export { JobProducer } from './job-producer.js';
export { SpacedWakeUps } from './spaced-wake-ups.js';
export { QUEUE_BACKEND, QueueModule } from './queue.module.js';
