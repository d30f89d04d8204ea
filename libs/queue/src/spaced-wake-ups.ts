/**
 * Wake-ups by key: the first goes at once, and those that follow within `restMs` go together at its end. There is always one after the
 * last that was asked for, unless the process ends first; whoever uses it has a ticker for that.
 */
export class SpacedWakeUps {
  /** Keys that were woken a moment ago, and whether they have been asked for since. */
  private readonly resting = new Map<string, boolean>();

  /** @param send must not throw */
  constructor(
    private readonly restMs: number,
    private readonly send: (key: string) => void,
  ) {}

  wake(key: string): void {
    if (this.resting.has(key)) {
      this.resting.set(key, true);
      return;
    }
    this.resting.set(key, false);
    setTimeout(() => {
      const isNeeded = this.resting.get(key) === true;
      this.resting.delete(key);
      if (isNeeded) this.wake(key);
    }, this.restMs).unref();
    this.send(key);
  }
}
