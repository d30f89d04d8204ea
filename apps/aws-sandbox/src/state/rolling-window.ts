const SLOT_MS = 10_000;
const WINDOW_MS = 24 * 3_600_000;

interface Slot {
  readonly startedAt: number;
  count: number;
}

/** Recipients of the last 24 hours, rolling, at a resolution of ten seconds. */
export class RollingWindow {
  private slots: Slot[] = [];
  private sum = 0;

  add(count: number, now: number): void {
    const startedAt = Math.floor(now / SLOT_MS) * SLOT_MS;
    const last = this.slots.at(-1);
    if (last !== undefined && last.startedAt >= startedAt) last.count += count;
    else this.slots.push({ startedAt, count });
    this.sum += count;
  }

  total(now: number): number {
    let expired = 0;
    for (const slot of this.slots) {
      if (slot.startedAt > now - WINDOW_MS) break;
      this.sum -= slot.count;
      expired++;
    }
    if (expired > 0) this.slots.splice(0, expired);
    return this.sum;
  }

  toJSON(): readonly Slot[] {
    return this.slots;
  }

  static from(slots: readonly Slot[]): RollingWindow {
    const window = new RollingWindow();
    for (const slot of slots) window.add(slot.count, slot.startedAt);
    return window;
  }
}
