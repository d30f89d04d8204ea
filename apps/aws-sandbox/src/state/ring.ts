/** The newest `capacity` items in order; adding one more drops the oldest. */
export class Ring<T> {
  private items: (T | undefined)[] = [];
  private start = 0;
  /** How many were ever added since the last clear. */
  total = 0;

  constructor(
    readonly capacity: number,
    private readonly onDrop?: (item: T) => void,
  ) {}

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    this.total++;
    if (this.items.length < this.capacity) {
      this.items.push(item);
      return;
    }
    const dropped = this.items[this.start];
    this.items[this.start] = item;
    this.start = (this.start + 1) % this.capacity;
    if (dropped !== undefined) this.onDrop?.(dropped);
  }

  *newestFirst(): Generator<T> {
    const n = this.items.length;
    for (let i = n - 1; i >= 0; i--) {
      const item = this.items[(this.start + i) % n];
      if (item !== undefined) yield item;
    }
  }

  *oldestFirst(): Generator<T> {
    const n = this.items.length;
    for (let i = 0; i < n; i++) {
      const item = this.items[(this.start + i) % n];
      if (item !== undefined) yield item;
    }
  }

  clear(): void {
    this.items = [];
    this.start = 0;
    this.total = 0;
  }
}
