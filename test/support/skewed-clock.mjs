// Preloaded into a process of a test (`--import`): its wall clock is wrong by SKEW_MS. Timers and monotonic time are not touched.
const skewMs = Number(process.env.SKEW_MS);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + skewMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + skewMs;
  }
};
