import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { AppError } from '#libs/errors';

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  /** zod: the unknown keys of a strict object. */
  keys?: readonly string[];
}

/**
 * Validates every parameter that carries a schema (`@Body({ schema })`) and names the field at fault. A parameter
 * without a schema is not validated by Nest at all: an architecture test refuses such routes.
 */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, { schema, type, data }: ArgumentMetadata): Promise<unknown> {
    if (schema === undefined) return value;
    const result = await schema['~standard'].validate(
      type === 'body' && (value === undefined || value === null) ? {} : value,
    );
    if (result.issues === undefined) return result.value;
    throw toAppError(result.issues, value, type, data);
  }
}

function toAppError(
  issues: readonly Issue[],
  value: unknown,
  type: ArgumentMetadata['type'],
  data: string | undefined,
): AppError {
  if (type === 'param') {
    const field = data ?? 'id';
    return new AppError({
      code: 'http.invalid_parameter',
      kind: 'invalid_parameter',
      field,
      message: `The \`${field}\` must be a valid UUID.`,
    });
  }
  return issueError(issues[0], value);
}

/** The first thing that is wrong with a value, as an error that names the field. */
export function issueError(issue: Issue | undefined, value: unknown): AppError {
  const path = issue?.path ?? [];
  const [unknownKey] = issue?.keys ?? [];
  const field = pathOf(unknownKey === undefined ? path : [...path, unknownKey]) || 'body';
  if (path.length > 0 && unknownKey === undefined && (valueAt(value, path) ?? undefined) === undefined) {
    return new AppError({
      code: 'http.missing_field',
      kind: 'missing_field',
      field,
      message: `Missing \`${field}\` field.`,
    });
  }
  const problem = unknownKey === undefined ? (issue?.message ?? 'It is not valid') : 'There is no such field';
  return new AppError({
    code: 'http.invalid',
    kind: 'invalid',
    field,
    message: `Invalid \`${field}\` field. ${sentence(problem)}`,
  });
}

/** `must be …` → `It must be ….` */
function sentence(problem: string): string {
  return `${problem.startsWith('must') ? `It ${problem}` : problem}${problem.endsWith('.') ? '' : '.'}`;
}

function valueAt(value: unknown, path: NonNullable<Issue['path']>): unknown {
  let inner = value;
  for (const part of path) {
    if (typeof inner !== 'object' || inner === null) return undefined;
    inner = (inner as Record<PropertyKey, unknown>)[typeof part === 'object' ? part.key : part];
  }
  return inner;
}

/** `attachments[0].content` */
export function pathOf(path: readonly (PropertyKey | { key: PropertyKey })[]): string {
  return path
    .map((part) => (typeof part === 'object' ? part.key : part))
    .reduce<string>(
      (text, part) =>
        typeof part === 'number'
          ? `${text}[${part}]`
          : text === ''
            ? String(part)
            : `${text}.${String(part)}`,
      '',
    );
}
