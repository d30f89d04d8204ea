/** Keeps a process from holding more message bodies than its memory is meant for. */
export class ByteGate {
  private held = 0;
  private waiting: (() => void)[] = [];

  /** @param limit bytes; the claim that crosses it still comes in, the next one waits */
  constructor(private readonly limit: number) {}

  /** Resolves while there is room. */
  async open(): Promise<void> {
    while (this.held >= this.limit) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  add(bytes: number): void {
    this.held += bytes;
  }

  remove(bytes: number): void {
    this.held -= bytes;
    if (this.held >= this.limit) return;
    const { waiting } = this;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
