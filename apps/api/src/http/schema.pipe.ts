import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { AppError } from '#libs/errors';

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}

/**
 * Validates every parameter that carries a schema (`@Body({ schema })`) and names the field at fault. A parameter
 * without a schema is not validated by Nest at all: an architecture test refuses such routes.
 */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, { schema, type, data }: ArgumentMetadata): Promise<unknown> {
    if (schema === undefined) return value;
    const result = await schema['~standard'].validate(type === 'body' && (value === undefined || value === null) ? {} : value);
    if (result.issues === undefined) return result.value;
    throw toAppError(result.issues, type, data);
  }
}

function toAppError(issues: readonly Issue[], type: ArgumentMetadata['type'], data: string | undefined): AppError {
  const [issue] = issues;
  const field = pathOf(issue?.path ?? []) || data || 'body';
  const problem = issue?.message ?? 'is not valid';
  if (type === 'param') {
    return new AppError({ code: 'http.invalid_parameter', kind: 'invalid_parameter', field, message: `The \`${field}\` must be a valid UUID.` });
  }
  if (type === 'body' && /received (undefined|null)$/.test(problem) && (issue?.path?.length ?? 0) > 0) {
    return new AppError({ code: 'http.missing_field', kind: 'missing_field', field, message: `Missing \`${field}\` field.` });
  }
  return new AppError({ code: 'http.invalid', kind: 'invalid', field, message: `Invalid \`${field}\` field. ${problem}.` });
}

/** `attachments[0].content` */
export function pathOf(path: readonly (PropertyKey | { key: PropertyKey })[]): string {
  return path
    .map((part) => (typeof part === 'object' ? part.key : part))
    .reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`), '');
}
