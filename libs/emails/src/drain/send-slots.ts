interface WaitingLane {
  waiters: (() => void)[];
  weight: number;
  /** Places it may still get before the next lane has its turn. */
  turns: number;
}

/**
 * The SES calls that one process has in flight: a bound for the process, a bound for each lane, and turns: a freed
 * place goes to the lanes in rotation, so a lane with a long queue cannot hold up one with a single mail. A lane of
 * weight n gets n places in each rotation.
 */
export class SendSlots {
  /** Below nothing after the limit was lowered: calls in flight end by themselves. */
  private free: number;
  private wasFull = false;
  private readonly waiting = new Map<string, WaitingLane>();
  private readonly inFlight = new Map<string, number>();

  constructor(
    private total: number,
    private readonly perLane: number,
  ) {
    this.free = total;
  }

  /** How many lanes have calls in flight. */
  get lanes(): number {
    return this.inFlight.size;
  }

  /** Changes the bound of the process. @returns whether the old one was reached since the last call */
  setTotal(total: number): boolean {
    const { wasFull } = this;
    this.free += total - this.total;
    this.total = total;
    this.wasFull = this.free <= 0;
    this.serve();
    return wasFull;
  }

  /** Resolves when this lane may make one more call; give it back with release(). */
  acquire(lane: string, weight = 1): Promise<void> {
    if (this.free > 0 && this.used(lane) < this.perLane && !this.waiting.has(lane)) {
      this.occupy(lane);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const entry = this.waiting.get(lane) ?? { waiters: [], weight, turns: weight };
      entry.waiters.push(resolve);
      this.waiting.set(lane, entry);
    });
  }

  release(lane: string): void {
    this.free += 1;
    const left = this.used(lane) - 1;
    if (left === 0) this.inFlight.delete(lane);
    else this.inFlight.set(lane, left);
    this.serve();
  }

  /** Hands out free places. A lane that is moved to the end of the map is met again in the same loop. */
  private serve(): void {
    for (const [lane, entry] of this.waiting) {
      while (this.free > 0 && entry.turns > 0 && entry.waiters.length > 0 && this.used(lane) < this.perLane) {
        entry.turns -= 1;
        this.occupy(lane);
        entry.waiters.shift()?.();
      }
      if (entry.waiters.length === 0) {
        this.waiting.delete(lane);
      } else if (entry.turns === 0) {
        this.waiting.delete(lane);
        this.waiting.set(lane, { ...entry, turns: entry.weight });
      }
      if (this.free <= 0) return;
    }
  }

  private occupy(lane: string): void {
    this.free -= 1;
    if (this.free <= 0) this.wasFull = true;
    this.inFlight.set(lane, this.used(lane) + 1);
  }

  private used(lane: string): number {
    return this.inFlight.get(lane) ?? 0;
  }
}
