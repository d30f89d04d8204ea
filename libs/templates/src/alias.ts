import { isUuid } from '#libs/crypto';
import { AppError } from '#libs/errors';

/** What stands in a URL as it is: SDKs do not encode it. It never looks like an id, or one could hide the other. */
const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** @throws AppError */
export function checkAlias(alias: string | null): void {
  if (alias === null || (pattern.test(alias) && !isUuid(alias))) return;
  throw new AppError({
    code: 'template.invalid_alias',
    kind: 'invalid',
    field: 'alias',
    message:
      'Invalid `alias` field. It must be 1-128 ASCII letters, numbers, dots, dashes or underscores, begin with a letter or number, and not be a UUID.',
  });
}

export function aliasTaken(alias: string): AppError {
  return new AppError({
    code: 'template.alias_taken',
    kind: 'invalid',
    field: 'alias',
    message: `Invalid \`alias\` field. Another template of this project has the alias \`${alias}\`.`,
  });
}

/** An id or an alias, as a path or an email names a template. */
export type TemplateRef = { id: string } | { alias: string };

/** @returns undefined for what can be neither */
export function parseRef(text: string): TemplateRef | undefined {
  if (isUuid(text)) return { id: text };
  return pattern.test(text) ? { alias: text } : undefined;
}
