/** Bytes of messages that a process may hold at a time. Nobody waits: who finds it spent is told to come again. */
export class ByteBudget {
  private held = 0;

  constructor(private readonly limit: number) {}

  /** @returns whether there was room; what was taken must be given back */
  take(bytes: number): boolean {
    if (this.held + bytes > this.limit) return false;
    this.held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}
