/** Backlogs pause at the most this long for lanes that have just been woken … */
const PAUSE_MS = 20;
/** … and then go on at least this long: many urgent mails slow a newsletter down, and never stop it. */
const RUN_MS = 20;

/**
 * Lets lanes that have just been woken (a password reset, as far as anybody knows) go before the backlogs of others in this process. A single
 * mail needs a handful of turns of the event loop; while a backlog keeps that busy each of them takes long. So backlogs hold their
 * next call until the mail has left.
 */
export class UrgentFirst {
  private urgent = 0;
  private waiting: (() => void)[] = [];
  private runsUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  /** A lane was woken. @returns what to call, once or more, when its mail has left or it turns out to have a backlog itself */
  begin(): () => void {
    this.urgent += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.urgent -= 1;
      if (this.urgent === 0) this.resume();
    };
  }

  /** For backlogs, before each call. Undefined: go on. */
  pause(): Promise<void> | undefined {
    if (this.urgent === 0 || performance.now() < this.runsUntil) return undefined;
    this.timer ??= setTimeout(() => {
      this.runsUntil = performance.now() + RUN_MS;
      this.resume();
    }, PAUSE_MS);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private resume(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = [];
    for (const go of waiting) go();
  }
}
