import { AppError } from '#libs/errors';

/** Emails whose files are being fetched by one process: of one project, and of all together. */
const PER_PROJECT = 64;
const TOTAL = 512;
/** Bytes fetched for emails that are not stored yet. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** Keeps a process from being filled by files that are fetched: with sockets by slow servers, with memory by large ones. */
export class FetchLimits {
  private heldBytes = 0;
  private total = 0;
  private readonly perProject = new Map<string, number>();

  /** Until the returned place is left. @throws AppError rate_limited, unavailable */
  enter(projectId: string): FetchPlace {
    const mine = this.perProject.get(projectId) ?? 0;
    if (mine >= PER_PROJECT) {
      throw new AppError({
        code: 'email.fetching_too_much',
        kind: 'rate_limited',
        field: 'attachments',
        message: `The attachments of ${PER_PROJECT} emails of this project are being fetched already. Try again in a moment.`,
        retryAfterMs: 1_000,
      });
    }
    if (this.total >= TOTAL) throw busy();
    this.total += 1;
    this.perProject.set(projectId, mine + 1);
    let bytes = 0;
    return {
      hold: (count) => {
        bytes += count;
        this.heldBytes += count;
        if (this.heldBytes > MAX_HELD_BYTES) throw busy();
      },
      leave: () => {
        this.heldBytes -= bytes;
        this.total -= 1;
        const left = (this.perProject.get(projectId) ?? 1) - 1;
        if (left === 0) this.perProject.delete(projectId);
        else this.perProject.set(projectId, left);
      },
    };
  }
}

export interface FetchPlace {
  /** @throws AppError unavailable when all emails together hold too much */
  hold(bytes: number): void;
  /** Once, when nothing is fetched any more and the bytes are stored. */
  leave(): void;
}

function busy(): AppError {
  return new AppError({
    code: 'email.fetching_too_much',
    kind: 'unavailable',
    field: 'attachments',
    message: 'Too many attachments are being fetched from URLs. Nothing was stored: try again in a moment.',
    retryAfterMs: 1_000,
  });
}
