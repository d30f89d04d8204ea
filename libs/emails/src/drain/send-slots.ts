interface Waiter {
  take: () => void;
}

/**
 * The SES calls that one process has in flight: a bound for the process, a bound for each lane, and turns: a freed
 * place goes to the lanes in rotation, so a lane with a long queue cannot hold up one with a single mail.
 */
export class SendSlots {
  private free: number;
  private readonly queues = new Map<string, Waiter[]>();
  private readonly inFlight = new Map<string, number>();

  constructor(
    total: number,
    private readonly perLane: number,
  ) {
    this.free = total;
  }

  /** Resolves when this lane may make one more call; give it back with release(). */
  acquire(lane: string): Promise<void> {
    if (this.free > 0 && this.used(lane) < this.perLane && !this.queues.has(lane)) {
      this.occupy(lane);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const queue = this.queues.get(lane) ?? [];
      queue.push({ take: resolve });
      this.queues.set(lane, queue);
    });
  }

  release(lane: string): void {
    this.free += 1;
    const left = this.used(lane) - 1;
    if (left === 0) this.inFlight.delete(lane);
    else this.inFlight.set(lane, left);
    this.serve();
  }

  private serve(): void {
    for (const [lane, queue] of this.queues) {
      if (this.free === 0) return;
      if (this.used(lane) >= this.perLane) continue;
      const waiter = queue.shift();
      // To the end of the rotation, or out of it.
      this.queues.delete(lane);
      if (queue.length > 0) this.queues.set(lane, queue);
      if (waiter === undefined) continue;
      this.occupy(lane);
      waiter.take();
    }
  }

  private occupy(lane: string): void {
    this.free -= 1;
    this.inFlight.set(lane, this.used(lane) + 1);
  }

  private used(lane: string): number {
    return this.inFlight.get(lane) ?? 0;
  }
}
