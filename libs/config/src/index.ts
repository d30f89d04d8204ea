export { CONFIG, loadConfig } from './config.js';
export type { Config } from './config.js';
export { ConfigModule } from './config.module.js';
export { environmentSchema } from './schema.js';
export { loadEnvironmentFile } from './environment-file.js';
