/**
 * Under npm our parent is npm (or its shell), which passes signals on and waits for us. If it is killed it cannot, and
 * we would go on in the background without anybody knowing: then end, too. Not for `node scripts/start.mjs &` in a
 * script, whose parent may leave at any time.
 */
export function watchParent(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, 1_000);
  timer.unref();
}
