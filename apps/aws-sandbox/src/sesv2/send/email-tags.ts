import { badRequest } from '../errors.js';
import type { NameValue } from '../../state/message.js';
import type { TagsInput } from './send-input.js';

const MAX_LENGTH = 255;
const MAX_TAGS = 50;

/** Checks message tags with the texts of the live service (the two spaces after the comma are its own). */
export const readEmailTags = (tags: TagsInput | undefined): NameValue[] => {
  if (tags === undefined) return [];
  if (tags.length > MAX_TAGS) throw badRequest(`Number of tags exceeds ${MAX_TAGS}.`);
  return tags.map(({ Name, Value }) => {
    if (Name === '') throw badRequest('The tag name must be specified.');
    if (Value === '') throw badRequest('The tag value must be specified.');
    if (Name.length > MAX_LENGTH) throw badRequest(`Tag name cannot exceed ${MAX_LENGTH} characters.`);
    if (Value.length > MAX_LENGTH) throw badRequest(`Tag value cannot exceed ${MAX_LENGTH} characters.`);
    if (!/^[A-Za-z0-9_-]+$/.test(Name))
      throw badRequest(
        `Invalid tag name <${Name}>: only alphanumeric ASCII characters, '_',  '-' are allowed.`,
      );
    if (!/^[A-Za-z0-9_.@-]+$/.test(Value)) {
      throw badRequest(
        `Invalid tag value <${Value}>: only alphanumeric ASCII characters, '_',  '-', '.', '@' are allowed.`,
      );
    }
    return { name: Name, value: Value };
  });
};
