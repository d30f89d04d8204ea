export { Broadcast } from './broadcast.js';
export { Database } from './database.js';
export type { PrismaClient, Sql, StatementCounter } from './database.js';
export { DatabaseModule } from './database.module.js';
export { migrate } from './migrate.js';
export { ensurePartitions, partitionedTables, weekPartition } from './partitions.js';
export { createTestDatabase } from './test-database.js';
export type { TestDatabase } from './test-database.js';
export { isUniqueViolation } from './errors.js';
