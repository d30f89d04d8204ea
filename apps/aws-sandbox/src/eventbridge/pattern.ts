/** An event pattern compiled: does this event match? */
export type EventMatcher = (event: unknown) => boolean;

/** Why a pattern is not one. */
export class InvalidPattern extends Error {}

type Test = (value: unknown, exists: boolean) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const text = (value: unknown, operator: string): string => {
  if (typeof value !== 'string') throw new InvalidPattern(`${operator} match pattern must be a string`);
  return value;
};

const compileOperator = (operator: string, operand: unknown): Test => {
  switch (operator) {
    case 'prefix': {
      const prefix = text(operand, operator);
      return (value) => typeof value === 'string' && value.startsWith(prefix);
    }
    case 'suffix': {
      const suffix = text(operand, operator);
      return (value) => typeof value === 'string' && value.endsWith(suffix);
    }
    case 'equals-ignore-case': {
      const wanted = text(operand, operator).toLowerCase();
      return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
    }
    case 'exists':
      if (typeof operand !== 'boolean')
        throw new InvalidPattern('exists match pattern must be either true or false.');
      return (_value, exists) => exists === operand;
    case 'anything-but': {
      const excluded = isObject(operand)
        ? Object.entries(operand).map(([name, value]) => compileOperator(name, value))
        : [operand].flat().map(
            (item: unknown): Test =>
              (value) =>
                value === item,
          );
      return (value, exists) => exists && !excluded.some((test) => test(value, true));
    }
    default:
      throw new InvalidPattern(`Unrecognized match type ${operator}`);
  }
};

const compileAlternative = (alternative: unknown): Test => {
  if (isScalar(alternative)) return (value, exists) => exists && value === alternative;
  if (!isObject(alternative) || Object.keys(alternative).length !== 1)
    throw new InvalidPattern('Match value must be String, number, true, false, or null');
  const [[operator, operand] = ['', undefined]] = Object.entries(alternative);
  return compileOperator(operator, operand);
};

/** An event's list matches when one of its members does; an empty pattern list is refused by EventBridge. */
const compileLeaf = (name: string, alternatives: readonly unknown[]): Test => {
  if (alternatives.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  const tests = alternatives.map(compileAlternative);
  return (value, exists) =>
    Array.isArray(value)
      ? value.some((item) => tests.some((test) => test(item, exists)))
      : tests.some((test) => test(value, exists));
};

const compileNode = (pattern: Record<string, unknown>): EventMatcher => {
  const members = Object.entries(pattern).map(([name, child]): [string, Test] => {
    if (Array.isArray(child)) return [name, compileLeaf(name, child)];
    if (!isObject(child)) throw new InvalidPattern(`"${name}" must be an object or an array`);
    const nested = compileNode(child);
    // A list of objects in the event matches as soon as one of them does.
    return [name, (value) => (Array.isArray(value) ? value.some(nested) : nested(value))];
  });
  return (event) =>
    members.every(([name, test]) => {
      const exists = isObject(event) && Object.hasOwn(event, name);
      return test(exists ? event[name] : undefined, exists);
    });
};

/** Compiles an event pattern given as JSON text. Throws {@link InvalidPattern}. */
export const compilePattern = (json: string): EventMatcher => {
  let pattern: unknown;
  try {
    pattern = JSON.parse(json);
  } catch {
    throw new InvalidPattern('Filter is not valid JSON');
  }
  if (!isObject(pattern)) throw new InvalidPattern('Filter is not an object');
  if (Object.keys(pattern).length === 0) throw new InvalidPattern('Empty objects are not allowed');
  return compileNode(pattern);
};
