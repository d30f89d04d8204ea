// Preloaded into our apps by `npm start` and the tests (node --import): when the process that started them is killed
// without a chance to say goodbye, the other end of standard input closes, and they end as if asked to.
const PATIENCE_MS = 15_000;

function end() {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), PATIENCE_MS).unref();
}

process.stdin.once('end', end);
process.stdin.once('error', end);
process.stdin.resume();
// Watching must not keep a program alive that has nothing else to do.
process.stdin.unref?.();
