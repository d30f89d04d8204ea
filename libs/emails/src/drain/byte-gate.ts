/**
 * Keeps a process from holding more message bodies than its memory is meant for. How large a claim is shows only when it is there: so
 * whoever has been let in says with add() what it brought, even when that is nothing, and the next one is let in after that.
 */
export class ByteGate {
  private held = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param limit bytes; the claim that crosses it still comes in, the next one waits */
  constructor(private readonly limit: number) {}

  /** Resolves when there is room; add() must follow. */
  open(): Promise<void> {
    if (this.held < this.limit && this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  add(bytes: number): void {
    this.held += bytes;
    this.letNextIn();
  }

  remove(bytes: number): void {
    this.held -= bytes;
    this.letNextIn();
  }

  private letNextIn(): void {
    if (this.held < this.limit) this.waiting.shift()?.();
  }
}
