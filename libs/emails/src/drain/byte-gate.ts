/**
 * Keeps a process from holding more message bodies than its memory is meant for. How large a claim is shows only when it is there: so
 * whoever is let in counts as the largest there can be until it says with add() what it brought, even when that is nothing.
 */
export class ByteGate {
  private held = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * @param limit bytes; the claim that crosses it still comes in, the next one waits
   * @param largest what one claim may bring
   */
  constructor(
    private readonly limit: number,
    private readonly largest = 0,
  ) {}

  /** Resolves when there is room; add() must follow. */
  open(): Promise<void> {
    if (this.held < this.limit && this.waiting.length === 0) {
      this.held += this.largest;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  add(bytes: number): void {
    this.held += bytes - this.largest;
    this.letNextIn();
  }

  remove(bytes: number): void {
    this.held -= bytes;
    this.letNextIn();
  }

  private letNextIn(): void {
    if (this.held >= this.limit) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.held += this.largest;
    next();
  }
}
