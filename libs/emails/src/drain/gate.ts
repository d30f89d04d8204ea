/** After each of them the gate stays closed for so many times as long as it took … */
const REST_FACTOR = 2;
/** … and at the most this long. */
const MAX_REST_MS = 100;

/** At most `limit` at a time, first come first served; while it `isSparing` it also rests between them. */
export class Gate {
  private readonly waiting: (() => void)[] = [];
  private inside = 0;

  /** @param limit asked anew each time somebody comes or goes */
  constructor(
    private readonly limit: () => number,
    private readonly isSparing: () => boolean = () => false,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.enter();
    if (turn !== undefined) await turn;
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      const tookMs = performance.now() - startedAt;
      if (this.isSparing()) setTimeout(() => this.leave(), Math.min(MAX_REST_MS, tookMs * REST_FACTOR));
      else this.leave();
    }
  }

  /** Undefined: is in; otherwise resolves when it is. Each who came in must `leave`. */
  enter(): Promise<void> | undefined {
    if (this.inside >= this.limit()) return new Promise<void>((resolve) => this.waiting.push(resolve));
    this.inside += 1;
    return undefined;
  }

  leave(): void {
    this.inside -= 1;
    while (this.inside < this.limit()) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.inside += 1;
      next();
    }
  }
}
