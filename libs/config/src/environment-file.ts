import { existsSync } from 'node:fs';

/** Reads `.env` of the working directory, if there is one, below what the environment already says. */
export function loadEnvironmentFile(path = '.env'): Record<string, string | undefined> {
  if (existsSync(path)) process.loadEnvFile(path);
  return process.env;
}
