/**
 * A mail that is later than this lost its place: at 180 recipients a second five leave at once, and never more. Several
 * workers may be held up together, and what is on its way may bunch up too: the tenth of the rate that is left has to do for all of it.
 */
const CATCH_UP_MS = 25;

/**
 * The places of one lane's claims in the rate of its SES account, on the clock of this process. A process that was held up (a long
 * garbage collection, a busy machine) has mail whose places are over. SES counts what reaches it in a second, so they do not catch
 * up: all places still ahead move by what was lost, and those of claims to come are asked for behind them.
 */
export class Pace {
  private endsAt = -Infinity;
  private lostMs = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Takes over the places that were reserved for a claim.
   *
   * @returns how long the mail with so many recipients before it waits, in milliseconds; not above 0: it goes now
   */
  reserve(
    { delayMs, spacingMs }: { delayMs: number; spacingMs: number },
    recipients: number,
  ): (recipientsBefore: number) => number {
    // An answer of the database that came late does not put its places among those before it.
    const start = Math.max(this.now() + delayMs, this.endsAt);
    const lostBefore = this.lostMs;
    this.endsAt = start + recipients * spacingMs;
    return (recipientsBefore) => {
      const waitMs = start + recipientsBefore * spacingMs + this.lostMs - lostBefore - this.now();
      if (waitMs >= -CATCH_UP_MS) return waitMs;
      this.lostMs -= waitMs;
      this.endsAt -= waitMs;
      return 0;
    };
  }

  /** How far from now the places of the next claim begin at the earliest, in milliseconds. */
  get notBeforeMs(): number {
    return Math.max(0, this.endsAt - this.now() - CATCH_UP_MS);
  }
}
