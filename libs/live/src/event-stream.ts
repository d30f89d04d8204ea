import { Readable } from 'node:stream';
import type { LiveEvent } from './live-event.js';

/** A client this far behind is cut off; it comes back and reads anew. */
const MAX_BEHIND_BYTES = 256 * 1024;
/** Milliseconds that clients wait before they come back. */
const RETRY_MS = 3_000;

/** One watcher's stream of server-sent events. */
export class EventStream extends Readable {
  private count = 0;
  private isOver = false;
  private readonly prefix: string;

  /** @param now makes event ids differ between streams; they mean nothing else */
  constructor(
    now: number,
    private readonly left: () => void,
  ) {
    super({ highWaterMark: MAX_BEHIND_BYTES });
    this.prefix = now.toString(36);
    this.push(`retry: ${RETRY_MS}\n\n`);
  }

  tell(event: LiveEvent): void {
    this.write(
      `id: ${this.prefix}-${++this.count}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    );
  }

  /** A comment, so that proxies and clients see that the stream lives. */
  beat(): void {
    this.write(': beat\n\n');
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.push(null);
    this.left();
  }

  private write(text: string): void {
    if (!this.isOver && !this.push(text)) this.destroy();
  }

  override _read(): void {
    // Everything is pushed as it happens.
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.isOver = true;
    this.left();
    callback(error);
  }
}
