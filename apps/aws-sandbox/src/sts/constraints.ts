import { AwsError } from '../aws-error.js';

export interface TextConstraint {
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** As the model writes it; matched against the whole value. */
  readonly pattern?: string;
}

/** Collects what is wrong with the parameters of one call, in the words of STS. */
export class Constraints {
  private readonly problems: string[] = [];

  add(value: string | null, at: string, constraint: string): void {
    const shown = value === null ? 'Value null' : `Value '${value}'`;
    this.problems.push(`${shown} at '${at}' failed to satisfy constraint: ${constraint}`);
  }

  text(value: string | null, at: string, constraint: TextConstraint): string | null {
    const { min = 0, max = Infinity, pattern, required = false } = constraint;
    if (value === null) {
      if (required) this.add(null, at, 'Member must not be null');
      return null;
    }
    if (value.length < min) this.add(value, at, `Member must have length greater than or equal to ${min}`);
    if (value.length > max) this.add(value, at, `Member must have length less than or equal to ${max}`);
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value)) {
      this.add(value, at, `Member must satisfy regular expression pattern: ${pattern}`);
    }
    return value;
  }

  integer(value: string | null, at: string, min: number, max: number): number | null {
    if (value === null) return null;
    if (!/^-?\d+$/.test(value)) throw new AwsError('MalformedInput', 400, null);
    const number = Number(value);
    if (number < min) this.add(value, at, `Member must have value greater than or equal to ${min}`);
    if (number > max) this.add(value, at, `Member must have value less than or equal to ${max}`);
    return number;
  }

  throwIfAny(): void {
    const n = this.problems.length;
    if (n === 0) return;
    throw new AwsError(
      'ValidationError',
      400,
      `${n} validation error${n === 1 ? '' : 's'} detected: ${this.problems.join('; ')}`,
    );
  }
}
