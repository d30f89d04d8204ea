/** Backlogs pause this long for lanes that have just been woken … */
const PAUSE_MS = 10;
/** … and then go on this long: many urgent mails slow a newsletter down, and never stop it. */
const RUN_MS = 5;
/** Where a single mail has just left, the next one is likely: until this long after it backlogs go by turns. */
const HOT_MS = 1_000;

/** Recipients that may go closer to each other than this are held by nothing but the worker's core. */
const PACED_FROM_MS = 1;

/**
 * Whether SES's rate spaces the mails of a claim. Such a lane keeps no core busy, and holding it would bunch what has to go evenly: it
 * pauses for nobody.
 */
export function isPaced({ spacingMs }: { spacingMs: number }): boolean {
  return spacingMs >= PACED_FROM_MS;
}

/**
 * A woken lane is not in a hurry any more: it turned out to have a `backlog` itself, has `sent` what it had, or had `nothing`.
 * Only the first call counts.
 */
export type EndOfHurry = (why: 'backlog' | 'sent' | 'nothing') => void;

/**
 * Lets lanes that have just been woken (a password reset, as far as anybody knows) go before the backlogs of others in this process. A single
 * mail needs a handful of turns of the event loop, and before it is here an API and a database that are not kept busy. So while
 * single mails flow, backlogs without a pace of their own make their calls in a third of the time only.
 */
export class UrgentFirst {
  private urgent = 0;
  private waiting: (() => void)[] = [];
  private runsUntil = 0;
  private hotUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  /** A lane was woken. */
  begin(): EndOfHurry {
    this.urgent += 1;
    let isOver = false;
    return (why) => {
      if (isOver) return;
      isOver = true;
      this.urgent -= 1;
      if (why === 'sent') this.hotUntil = performance.now() + HOT_MS;
      if (!this.isHot) this.resume();
    };
  }

  /** Whether single mails flow at the moment. */
  get isHot(): boolean {
    return this.urgent > 0 || performance.now() < this.hotUntil;
  }

  /** For backlogs, before each call. Undefined: go on. */
  pause(): Promise<void> | undefined {
    if (!this.isHot || performance.now() < this.runsUntil) return undefined;
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
