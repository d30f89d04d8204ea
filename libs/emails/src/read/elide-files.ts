/** A reader needs no more of a message. */
const MAX_CHARACTERS = 512 * 1024;

/**
 * A MIME message with the contents of its files replaced by their length: parts that are no text, and texts that are attached.
 *
 * Reads line by line and nests nothing, so that a malformed message costs no more than its length.
 */
export function elideFiles(message: string): string {
  const boundaries = new Set<string>();
  const kept: string[] = [];
  let head: string[] | undefined = [];
  let hidden: number | undefined;
  const show = () => {
    if (hidden !== undefined) kept.push(`[${hidden} characters]`, '');
    hidden = undefined;
  };
  for (const line of message.split(/\r?\n/)) {
    const delimiter = line.startsWith('--') ? line.slice(2).trimEnd() : undefined;
    if (delimiter !== undefined && boundaries.has(delimiter.replace(/--$/, ''))) {
      show();
      kept.push(line);
      // The end of a multipart is followed by no part of its own.
      head = boundaries.has(delimiter) ? [] : undefined;
    } else if (head !== undefined) {
      kept.push(line);
      if (line !== '') {
        head.push(line);
        continue;
      }
      const fields = head.join('\n').replace(/\n[ \t]+/g, ' ');
      const boundary = /boundary="?([^";\n]+)"?/i.exec(fields)?.[1]?.trimEnd();
      if (boundary !== undefined) boundaries.add(boundary);
      if (isFile(fields)) hidden = 0;
      head = undefined;
    } else if (hidden !== undefined) hidden += line.length;
    else kept.push(line);
  }
  show();
  const text = kept.join('\n');
  return text.length <= MAX_CHARACTERS
    ? text
    : `${text.slice(0, MAX_CHARACTERS)}\n[${text.length - MAX_CHARACTERS} more characters]`;
}

function isFile(fields: string): boolean {
  if (/^content-disposition:\s*attachment/im.test(fields)) return true;
  const type = /^content-type:\s*([a-z]+)\//im.exec(fields)?.[1]?.toLowerCase();
  return type !== undefined && !['text', 'multipart', 'message'].includes(type);
}
