import { badRequest, serialization } from './errors.js';

/** A modelled type: reads JSON strictly, reports missing and forbidden values with their path. */
export interface Shape<T> {
  read(value: unknown, path: string, problems: string[]): T;
}

interface Member<T, R extends boolean> {
  readonly shape: Shape<T>;
  readonly isRequired: R;
}

type Members = Readonly<Record<string, Member<unknown, boolean>>>;
type RequiredKeys<M extends Members> = {
  [K in keyof M]: M[K]['isRequired'] extends true ? K : never;
}[keyof M];
type ValueOf<M> = M extends Member<infer T, boolean> ? T : never;
export type Structure<M extends Members> = { readonly [K in RequiredKeys<M>]: ValueOf<M[K]> } & {
  readonly [K in Exclude<keyof M, RequiredKeys<M>>]?: ValueOf<M[K]> | undefined;
};
export type Infer<S> = S extends Shape<infer T> ? T : never;

export const required = <T>(shape: Shape<T>): Member<T, true> => ({ shape, isRequired: true });
export const optional = <T>(shape: Shape<T>): Member<T, false> => ({ shape, isRequired: false });

const violation = (value: string | null, path: string, constraint: string): string =>
  `Value${value === null ? '' : ` '${value}'`} at '${path}' failed to satisfy constraint: ${constraint}`;

/** The words of AWS's JSON reader for a value of another type. */
const unexpected = (value: unknown, wanted: string): Error => {
  if (typeof value === 'number') return serialization(`NUMBER_VALUE can not be converted to a ${wanted}`);
  if (typeof value === 'boolean')
    return serialization(`${value ? 'TRUE' : 'FALSE'}_VALUE can not be converted to a ${wanted}`);
  if (typeof value === 'string') return serialization(`STRING_VALUE can not be converted to a ${wanted}`);
  if (Array.isArray(value)) return serialization('Start of list found where not expected');
  if (value === null) return serialization(null);
  return serialization('Start of structure or map found where not expected.');
};

export interface TextRules {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

export const text = (rules: TextRules = {}): Shape<string> => ({
  read: (value, path, problems) => {
    if (typeof value !== 'string') throw unexpected(value, 'String');
    const { min, max, pattern, oneOf } = rules;
    if (min !== undefined && value.length < min)
      problems.push(violation(value, path, `Member must have length greater than or equal to ${min}`));
    if (max !== undefined && value.length > max)
      problems.push(violation(value, path, `Member must have length less than or equal to ${max}`));
    if (pattern?.test(value) === false)
      problems.push(
        violation(value, path, `Member must satisfy regular expression pattern: ${pattern.source}`),
      );
    if (oneOf?.includes(value) === false)
      problems.push(violation(value, path, `Member must satisfy enum value set: [${oneOf.join(', ')}]`));
    return value;
  },
});

export const oneOf = <const V extends string>(...values: V[]): Shape<V> =>
  text({ oneOf: values }) as Shape<V>;

/** Real SES reads the strings "true", "yes", "1", … as booleans too. */
export const flag = (): Shape<boolean> => ({
  read: (value) => {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.toLowerCase() : undefined;
    if (word !== undefined && ['true', 'yes', 'y', 't', '1'].includes(word)) return true;
    if (word !== undefined && ['false', 'no', 'n', 'f', '0'].includes(word)) return false;
    throw unexpected(value, 'Boolean');
  },
});

export const integer = (): Shape<number> => ({
  read: (value) => {
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw unexpected(value, 'Integer');
  },
});

export const timestamp = (): Shape<number> => ({
  read: (value) => {
    if (typeof value === 'number') return value;
    throw unexpected(value, 'Timestamp');
  },
});

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes, left in base64: most are only counted and kept. */
export const blob = (): Shape<string> => ({
  read: (value) => {
    if (typeof value !== 'string') throw unexpected(value, 'Blob');
    if (value.length % 4 === 1 || !BASE64.test(value)) throw serialization('Unable to decode base64 value');
    return value;
  },
});

export const anything = (): Shape<unknown> => ({ read: (value) => value });

export const list = <T>(
  item: Shape<T>,
  rules: { readonly min?: number; readonly max?: number } = {},
): Shape<readonly T[]> => ({
  read: (value, path, problems) => {
    if (!Array.isArray(value)) throw serialization('Expected list or null');
    const items: unknown[] = value;
    if (rules.max !== undefined && items.length > rules.max) {
      problems.push(violation(null, path, `Member must have length less than or equal to ${rules.max}`));
    }
    if (rules.min !== undefined && items.length < rules.min) {
      problems.push(violation(null, path, `Member must have length greater than or equal to ${rules.min}`));
    }
    return items.map((entry, i) => item.read(entry, `${path}.${i + 1}.member`, problems));
  },
});

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Unknown members are ignored; null counts as absent, as in AWS's reader. */
export const structure = <M extends Members>(members: M): Shape<Structure<M>> => {
  const entries = Object.entries(members).map(([name, member]) => ({
    name,
    label: lowerFirst(name),
    member,
  }));
  return {
    read: (value, path, problems) => {
      if (Array.isArray(value)) throw unexpected(value, '');
      if (typeof value !== 'object' || value === null) throw serialization('Expected null');
      const source = value as Record<string, unknown>;
      const result: Record<string, unknown> = {};
      for (const { name, label, member } of entries) {
        const child = source[name];
        const childPath = path === '' ? label : `${path}.${label}`;
        if (child !== undefined && child !== null)
          result[name] = member.shape.read(child, childPath, problems);
        else if (member.isRequired) problems.push(violation(null, childPath, 'Member must not be null'));
      }
      return result as Structure<M>;
    },
  };
};

/** Reads a whole request: wrong JSON types first, then everything that is missing or forbidden in one message. */
export const readInput = <T>(shape: Shape<T>, value: unknown): T => {
  const problems: string[] = [];
  const input = shape.read(value, '', problems);
  if (problems.length > 0) {
    throw badRequest(
      `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
    );
  }
  return input;
};
