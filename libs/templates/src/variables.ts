import { AppError } from '#libs/errors';

/** A variable as a template declares it. Without a fallback every email must bring a value. */
export interface TemplateVariable {
  key: string;
  type: 'string' | 'number';
  fallbackValue: string | number | null;
}

/** What a caller gives for variables, by key; null is absent. */
export type VariableValues = Readonly<Record<string, string | number | null | undefined>>;

/** Resend's limits. */
const MAX_VARIABLES = 50;
const MAX_STRING = 2_000;
/** `__proto__` because JSON libraries drop it from objects; the others are Resend's. */
const reserved = new Set([
  'FIRST_NAME',
  'LAST_NAME',
  'EMAIL',
  'UNSUBSCRIBE_URL',
  'RESEND_UNSUBSCRIBE_URL',
  'contact',
  'this',
  '__proto__',
]);

/** @throws AppError that names the variable at fault */
export function checkVariables(variables: readonly TemplateVariable[]): void {
  if (variables.length > MAX_VARIABLES)
    throw fault('variables', `A template can have at most ${MAX_VARIABLES} variables.`);
  const keys = new Set<string>();
  variables.forEach(({ key, type, fallbackValue }, index) => {
    const field = `variables[${index}]`;
    if (!/^[A-Za-z0-9_]{1,50}$/.test(key))
      throw fault(`${field}.key`, 'Keys are 1-50 ASCII letters, numbers or underscores.');
    if (reserved.has(key)) throw fault(`${field}.key`, `\`${key}\` is a reserved name.`);
    if (keys.has(key)) throw fault(`${field}.key`, `\`${key}\` is declared twice.`);
    keys.add(key);
    const problem = fallbackValue === null ? undefined : valueProblem(type, fallbackValue);
    if (problem !== undefined) throw fault(`${field}.fallback_value`, `It ${problem}.`);
  });
}

/**
 * The text of each variable: the caller's value, else the fallback. Values that the template does not declare are
 * ignored.
 *
 * @param field where the values stand in the request, for errors
 * @throws AppError for a value of the wrong type or size
 */
export function resolveValues(
  variables: readonly TemplateVariable[],
  given: VariableValues,
  field: string,
): { values: Map<string, string>; missing: string[] } {
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const { key, type, fallbackValue } of variables) {
    const value = (Object.hasOwn(given, key) ? given[key] : undefined) ?? fallbackValue;
    if (value === null) {
      missing.push(key);
      continue;
    }
    const problem = valueProblem(type, value);
    if (problem !== undefined) throw fault(`${field}.${key}`, `It ${problem}.`);
    values.set(key, String(value));
  }
  return { values, missing };
}

/** A number fits a variable of type string, which prints it; text does not fit one of type number. */
function valueProblem(type: 'string' | 'number', value: string | number): string | undefined {
  if (typeof value === 'number')
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : 'must be a number of at most 2^53 - 1';
  if (type === 'number') return 'must be a number';
  if (value.length > MAX_STRING) return `must be at most ${MAX_STRING} characters`;
  return isStorable(value) ? undefined : 'must not contain NUL characters or halves of surrogate pairs';
}

/** Whether PostgreSQL takes it, as text and as jsonb. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

function fault(field: string, problem: string): AppError {
  return new AppError({
    code: 'template.invalid_variable',
    kind: 'invalid',
    field,
    message: `Invalid \`${field}\` field. ${problem}`,
  });
}
