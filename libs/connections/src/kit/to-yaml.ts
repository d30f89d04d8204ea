type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** Block YAML in which every text is double-quoted, so that no value can be read as something else. */
export function toYaml(value: Value, indent = 0): string {
  if (typeof value !== 'object') return `${scalar(value)}\n`;
  const pad = ' '.repeat(indent);
  if (isList(value)) return value.map((item) => `${pad}- ${nested(item, indent + 2, true)}`).join('');
  return Object.entries(value)
    .map(
      ([key, item]) =>
        `${pad}${/^[A-Za-z][A-Za-z0-9]*$/.test(key) ? key : JSON.stringify(key)}:${nested(item, indent + 2, false)}`,
    )
    .join('');
}

function nested(value: Value, indent: number, isInList: boolean): string {
  if (typeof value !== 'object') return `${isInList ? '' : ' '}${scalar(value)}\n`;
  const block = toYaml(value, indent);
  // The first line of a block inside a list shares its line with the dash.
  return isInList ? block.slice(indent) : `\n${block}`;
}

function scalar(value: string | number | boolean): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
