type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** Text of a quoted HCL string: `${` and `%{` would be templates. */
export function hclString(value: string): string {
  return JSON.stringify(value).replaceAll('${', '$${').replaceAll('%{', '%%{');
}

/** A value as HCL, the way `terraform fmt` prints it. @param indent spaces of the line that the value begins on */
export function toHcl(value: Value, indent: number): string {
  if (typeof value === 'string') return hclString(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const inner = ' '.repeat(indent + 2);
  if (isList(value)) {
    return `[\n${value.map((item) => `${inner}${toHcl(item, indent + 2)},\n`).join('')}${' '.repeat(indent)}]`;
  }
  const entries = Object.entries(value).map(([key, item]) => [hclKey(key), toHcl(item, indent + 2)] as const);
  return `{\n${alignAssignments(entries, inner)}${' '.repeat(indent)}}`;
}

/** `terraform fmt` lines up the `=` of neighbouring lines, and a value over several lines ends the neighbourhood. */
export function alignAssignments(entries: readonly (readonly [string, string])[], indent: string): string {
  let text = '';
  let start = 0;
  while (start < entries.length) {
    let end = start;
    while (end < entries.length && entries[end]?.[1].includes('\n') === false) end += 1;
    const group = entries.slice(start, Math.max(end, start + 1));
    const width = Math.max(...group.map(([key]) => key.length));
    for (const [key, item] of group) text += `${indent}${key.padEnd(width)} = ${item}\n`;
    start += group.length;
  }
  return text;
}

function hclKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : hclString(key);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
