/** Time as the simulated AWS sees it: the machine's clock plus an offset that only the admin API moves. */
export class SimulatedClock {
  private offsetMs: number;
  private dateSecond = -1;
  private dateText = '';
  private readonly listeners = new Set<() => void>();

  constructor(offsetSeconds = 0) {
    this.offsetMs = offsetSeconds * 1000;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offsetMs;
  }

  get offsetSeconds(): number {
    return this.offsetMs / 1000;
  }

  set offsetSeconds(seconds: number) {
    this.offsetMs = seconds * 1000;
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls back whenever the clock is moved; gives what takes the listener off again. */
  onMove(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /**
   * The `Date` header. SDK clients correct their own clock by it after every response, so it has to be the
   * simulated time; it is formatted once per second.
   */
  httpDate(): string {
    const second = Math.floor(this.now() / 1000);
    if (second !== this.dateSecond) {
      this.dateSecond = second;
      this.dateText = new Date(second * 1000).toUTCString();
    }
    return this.dateText;
  }
}
