/** A request waiting for the transaction it will share. */
interface Waiting<Item, Result> {
  item: Item;
  weight: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface GroupCommitOptions {
  /** Transactions at the same time. */
  parallel: number;
  /** Sum of weights in one transaction; a heavier single item still goes, alone. */
  maxWeight: number;
}

/**
 * Requests that arrive while a transaction is under way share the next one. With nothing under way a request goes at
 * once, so a quiet system adds no delay and a busy one makes its own batches.
 */
export class GroupCommit<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private running = 0;
  private isScheduled = false;

  /** @param commit stores all items or none; one result for each item, in order */
  constructor(
    private readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly options: GroupCommitOptions,
  ) {}

  /** @returns the item's result once it is committed */
  add(item: Item, weight: number): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, weight, resolve, reject });
      if (this.isScheduled) return;
      this.isScheduled = true;
      // Requests parsed in the same turn of the event loop go together.
      setImmediate(() => {
        this.isScheduled = false;
        this.pump();
      });
    });
  }

  private pump(): void {
    while (this.running < this.options.parallel && this.waiting.length > 0) {
      const group = this.take();
      this.running += 1;
      void this.run(group).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private take(): Waiting<Item, Result>[] {
    let weight = 0;
    let count = 0;
    for (const { weight: next } of this.waiting) {
      if (count > 0 && weight + next > this.options.maxWeight) break;
      weight += next;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async run(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.commit(group.map(({ item }) => item));
      group.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (group.length === 1) {
        group[0]?.reject(error);
        return;
      }
      // One item that the database refuses must not take its neighbours with it.
      // One after the other: a database in trouble needs no crowd.
      for (const one of group) await this.run([one]);
    }
  }
}
