import { readEnvironment } from './environment.js';
import { startSandbox } from './sandbox.js';

const reason = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `port ${process.env['SANDBOX_PORT'] ?? '4599'} is already in use; set SANDBOX_PORT to another one`;
  }
  return error instanceof Error ? error.message : String(error);
};

try {
  const { options, isLogging } = readEnvironment(process.env);
  const sandbox = await startSandbox({
    ...options,
    ...(isLogging ? { log: (line) => console.log(JSON.stringify({ event: 'sandbox.call', ...line })) } : {}),
  });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`aws-sandbox: ${reason(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  console.log(
    JSON.stringify({
      event: 'sandbox.ready',
      url: sandbox.url,
      dns: `${new URL(sandbox.url).hostname}:${sandbox.dnsPort}`,
    }),
  );
} catch (error) {
  console.error(`aws-sandbox: ${reason(error)}`);
  process.exit(1);
}
