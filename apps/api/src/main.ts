import 'reflect-metadata';
import { loadConfig, loadEnvironmentFile } from '#libs/config';
import { endOnSignals } from '#libs/telemetry';
import { createApp } from './create-app.js';

try {
  const config = loadConfig(loadEnvironmentFile());
  const app = await createApp(config);
  endOnSignals(app);
  await app.listen(config.http.port, config.http.host);
  console.log(JSON.stringify({ level: 'info', service: 'api', event: 'api.ready', url: await app.getUrl() }));
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(
    inUse
      ? 'API_PORT is in use: stop what listens there or set another port.'
      : error instanceof Error
        ? error.message
        : String(error),
  );
  process.exit(1);
}
