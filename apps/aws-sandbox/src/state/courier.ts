import { setImmediate as setImmediateAsync } from 'node:timers/promises';
import type { SimulatedClock } from '../clock.js';
import { newRandom } from './random.js';

/** What is done to events between the moment they happen and the moment they are handed on. */
export interface EventFaults {
  /** Share that comes twice: half of these with the same transport id, half as a second publication. */
  duplicate: number;
  /** Share that leaves its place among those that wait. */
  shuffle: number;
  /** Share that is delayed by `delay_ms`. */
  delay: number;
  delay_ms: readonly [min: number, max: number];
  /** Share that never comes. */
  loss: number;
  /** Nothing goes out until `flush`. */
  hold: boolean;
  seed: number;
}

export const defaultEventFaults = (): EventFaults => ({
  duplicate: 0,
  shuffle: 0,
  delay: 1,
  delay_ms: [0, 0],
  loss: 0,
  hold: false,
  seed: 1,
});

type Run = () => void | Promise<void>;

interface Item {
  readonly dueAt: number;
  readonly order: number;
  readonly run: Run;
}

const SHUFFLE_DISTANCE = 40;
const BATCH = 256;

/**
 * Everything that happens after the answer to a call: event publication, retries. Due times are in simulated time, so
 * that moving the clock or `flush` brings them about; nothing has to be waited for.
 */
export class Courier {
  faults = defaultEventFaults();
  readonly counters = { published: 0, duplicated: 0, shuffled: 0, delayed: 0, lost: 0 };
  private random = newRandom(this.faults.seed);
  private items: Item[] = [];
  private order = 0;
  private readonly active = new Set<Promise<void>>();
  private disarm: (() => void) | null = null;
  private armedFor = Infinity;
  private isClosed = false;

  constructor(private readonly clock: SimulatedClock) {
    clock.onMove(() => this.arm());
  }

  get pending(): number {
    return this.items.length + this.active.size;
  }

  /** A new seed, or the same one again, starts the sequence of chances from its beginning. */
  configure(faults: EventFaults): void {
    this.faults = faults;
    this.random = newRandom(faults.seed);
    this.arm();
  }

  /** Publishes an event, faults considered. `make` makes the message with its id and gives what hands it on. */
  publish(make: () => Run): void {
    const { duplicate, loss } = this.faults;
    this.counters.published++;
    const [isLost, isTwice, isSecondPublication] = [this.random(), this.random(), this.random()];
    if (isLost < loss) {
      this.counters.lost++;
      return;
    }
    const run = make();
    this.place(run);
    if (isTwice < duplicate) {
      this.counters.duplicated++;
      this.place(isSecondPublication < 0.5 ? make() : run);
    }
  }

  /** Runs without faults, after `delayMs` of simulated time. */
  later(delayMs: number, run: Run): void {
    this.add({ dueAt: this.clock.now() + delayMs, order: this.order++, run });
  }

  /** Runs all that waits, whatever its due time, and what comes of it, until nothing is left. */
  async flush(): Promise<number> {
    let count = 0;
    while (this.pending > 0) {
      this.items.sort((a, b) => a.order - b.order);
      const batch = this.items.splice(0, BATCH);
      count += batch.length;
      this.runAll(batch);
      await Promise.all(this.active);
      await setImmediateAsync();
    }
    return count;
  }

  clear(): void {
    this.items = [];
    this.arm();
  }

  close(): void {
    this.isClosed = true;
    this.clear();
  }

  private place(run: Run): void {
    const { shuffle, delay, delay_ms: range } = this.faults;
    let dueAt = this.clock.now();
    let order = this.order++;
    const [isShuffled, distance, isDelayed, share] = [
      this.random(),
      this.random(),
      this.random(),
      this.random(),
    ];
    if (isShuffled < shuffle) {
      this.counters.shuffled++;
      order += (distance * 2 - 1) * SHUFFLE_DISTANCE;
    }
    if (range[1] > 0 && isDelayed < delay) {
      this.counters.delayed++;
      dueAt += range[0] + share * (range[1] - range[0]);
    }
    this.add({ dueAt, order, run });
  }

  private add(item: Item): void {
    if (this.isClosed) return;
    this.items.push(item);
    if (item.dueAt < this.armedFor) this.armAt(item.dueAt);
  }

  private runAll(batch: readonly Item[]): void {
    for (const { run } of batch) {
      const result = run();
      if (result === undefined) continue;
      const tracked: Promise<void> = result
        .catch((error: unknown) => console.error(error))
        .finally(() => this.active.delete(tracked));
      this.active.add(tracked);
    }
  }

  /** A batch of what is due; the rest waits for the next turn, so that a flood does not stop everything else. */
  private drain(): void {
    const now = this.clock.now();
    const due = this.items.filter((item) => item.dueAt <= now).sort((a, b) => a.order - b.order);
    this.items = [...due.slice(BATCH), ...this.items.filter((item) => item.dueAt > now)];
    this.runAll(due.slice(0, BATCH));
    this.arm();
  }

  private arm(): void {
    this.armAt(this.items.reduce((earliest, item) => Math.min(earliest, item.dueAt), Infinity));
  }

  /** What is due goes with the next turn of the event loop: after the answer to the call that caused it. */
  private armAt(nextAt: number): void {
    this.disarm?.();
    this.disarm = null;
    this.armedFor = Infinity;
    if (this.faults.hold || nextAt === Infinity) return;
    this.armedFor = nextAt;
    const waitMs = nextAt - this.clock.now();
    if (waitMs <= 0) {
      const immediate = setImmediate(() => this.drain());
      this.disarm = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(() => this.drain(), Math.ceil(Math.min(waitMs, 2 ** 31 - 1)));
      timer.unref();
      this.disarm = () => clearTimeout(timer);
    }
  }
}
