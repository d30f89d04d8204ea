import { fault } from './fault.js';

export interface Tag {
  name: string;
  value: string;
}

/** Resend's limit. SES takes 50 message tags, so that it gets only the first of them: see buildPayload. */
const MAX_TAGS = 75;
const allowed = /^[A-Za-z0-9_-]{1,256}$/;

/** @throws AppError that names the tag */
export function checkTags(tags: readonly Tag[]): Tag[] {
  if (tags.length > MAX_TAGS)
    throw fault('invalid', 'tags', `Invalid \`tags\` field. An email can have at most ${MAX_TAGS} tags.`);
  const names = new Set<string>();
  tags.forEach(({ name, value }, index) => {
    if (!allowed.test(name) || !allowed.test(value)) {
      throw fault(
        'invalid',
        `tags[${index}]`,
        'Invalid `tags` field. Names and values are 1-256 ASCII letters, numbers, underscores or dashes.',
      );
    }
    if (name.toLowerCase().startsWith('sesame_'))
      throw fault(
        'invalid',
        `tags[${index}].name`,
        'Invalid `tags` field. Names that begin with `sesame_` are reserved.',
      );
    if (names.has(name))
      throw fault('invalid', `tags[${index}].name`, `Invalid \`tags\` field. \`${name}\` is given twice.`);
    names.add(name);
  });
  return tags.map(({ name, value }) => ({ name, value }));
}
