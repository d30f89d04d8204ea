interface Version<T> {
  /** Simulated time in milliseconds from which this version is what AWS sees. */
  readonly effectiveAt: number;
  /** null = deleted. */
  readonly value: T | null;
}

/** A value with IAM's eventual consistency: written now, seen later. */
export class Versioned<T> {
  private versions: Version<T>[];

  constructor(versions: readonly Version<T>[] = []) {
    this.versions = [...versions];
  }

  /** What has been written last, whether it is in effect or not. */
  latest(): T | null {
    return this.versions.at(-1)?.value ?? null;
  }

  /** What is in effect. Earlier versions are forgotten on the way. */
  current(now: number): T | null {
    let index = this.versions.length - 1;
    while (index >= 0 && (this.versions[index]?.effectiveAt ?? 0) > now) index--;
    if (index > 0) this.versions.splice(0, index);
    return index < 0 ? null : (this.versions[0]?.value ?? null);
  }

  /** Overtakes versions that would have come into effect later: the newest write is the final one. */
  write(value: T | null, effectiveAt: number): void {
    this.versions = this.versions.filter((version) => version.effectiveAt < effectiveAt);
    this.versions.push({ value, effectiveAt });
  }

  effectiveAt(): number {
    return this.versions.at(-1)?.effectiveAt ?? 0;
  }

  all(): readonly Version<T>[] {
    return this.versions;
  }
}
