/**
 * Preloaded into processes of a bench (`--import`): their wall clock runs CLOCK_SPEED times as fast, from CLOCK_EPOCH on, in step with each
 * other. Timers, monotonic time and the database keep real time.
 */
const speed = Number(process.env['CLOCK_SPEED'] ?? 1);
const epoch = Number(process.env['CLOCK_EPOCH'] ?? Date.now());
const RealDate = Date;
const now = () => Math.round(epoch + (RealDate.now() - epoch) * speed);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
});
