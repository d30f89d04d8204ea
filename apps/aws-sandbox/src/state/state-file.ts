import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { restoreSnapshot, takeSnapshot } from './snapshot.js';
import type { World } from './world.js';

const CHANGE_DELAY_MS = 250;
// Messages come far more often, and losing the last seconds of them in a crash hurts nobody.
const MESSAGE_DELAY_MS = 5000;

const isMissingFile = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** Keeps a World in one JSON file: read at start, written soon after changes and at the end. */
export class StateFile {
  private timer: NodeJS.Timeout | null = null;
  private dueAt = Infinity;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly world: World,
  ) {}

  async load(): Promise<void> {
    let text: string | null = null;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (!isMissingFile(error)) throw error;
    }
    if (text !== null) {
      try {
        restoreSnapshot(this.world, JSON.parse(text));
      } catch (error) {
        throw new Error(
          `state file ${this.path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
    }
    this.world.onChange = () => this.schedule(CHANGE_DELAY_MS);
    this.world.onMessage = () => this.schedule(MESSAGE_DELAY_MS);
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.write();
  }

  private schedule(delayMs: number): void {
    const dueAt = Date.now() + delayMs;
    if (dueAt >= this.dueAt) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.dueAt = Infinity;
      this.write().catch((error: unknown) => console.error(error));
    }, delayMs);
    this.timer.unref();
  }

  /** One write at a time, each complete before it takes the old file's place. */
  private write(): Promise<void> {
    this.writing = this.writing
      .catch(() => undefined)
      .then(async () => {
        await mkdir(dirname(this.path), { recursive: true });
        const temporary = `${this.path}.${process.pid}.tmp`;
        // The file holds session secrets of the simulated AWS; nobody else needs to read it.
        await writeFile(temporary, JSON.stringify(takeSnapshot(this.world)), { mode: 0o600 });
        await rename(temporary, this.path);
      });
    return this.writing;
  }
}
