interface Closable {
  close(): Promise<void>;
}

/**
 * Ends the process with exit code 0 on SIGTERM and SIGINT after everything is closed. Nest's own shutdown hooks raise the signal
 * again afterwards, which looks like a crash to whoever started us. A second signal ends at once.
 */
export function endOnSignals(app: Closable): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) process.exit(1);
    isEnding = true;
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : String(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
