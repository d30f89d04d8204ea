/** A template that cannot be rendered; the text is the one of SES's Rendering Failure event. */
export class RenderingFailure extends Error {}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: string; readonly isEscaped: boolean }
  | {
      readonly kind: 'if' | 'unless' | 'each' | 'with';
      readonly path: string;
      readonly body: Node[];
      readonly otherwise: Node[];
    };

interface Scope {
  readonly data: unknown;
  readonly parent: Scope | null;
  readonly locals: Readonly<Record<string, unknown>>;
}

const TAG = /\{\{\{\s*([^{}]+?)\s*\}\}\}|\{\{\s*([^{}]+?)\s*\}\}/g;
const BLOCK = /^#(if|unless|each|with)\s+(\S+)$/;

const parse = (template: string): Node[] => {
  const root: Node[] = [];
  const open: { name: string; body: Node[]; otherwise: Node[]; current: Node[] }[] = [];
  let target = root;
  let position = 0;
  for (const match of template.matchAll(TAG)) {
    if (match.index > position) target.push({ kind: 'text', text: template.slice(position, match.index) });
    position = match.index + match[0].length;
    const tag = (match[1] ?? match[2] ?? '').trim();
    const block = BLOCK.exec(tag);
    if (tag.startsWith('!')) continue;
    if (block !== null) {
      const kind = block[1] as 'if' | 'unless' | 'each' | 'with';
      const node = { kind, path: block[2] ?? '', body: [], otherwise: [] };
      target.push(node);
      open.push({ name: kind, body: node.body, otherwise: node.otherwise, current: target });
      target = node.body;
    } else if (tag === 'else') {
      const top = open.at(-1);
      if (top === undefined) throw new RenderingFailure("Unexpected '{{else}}' in the template.");
      target = top.otherwise;
    } else if (tag.startsWith('/')) {
      const top = open.pop();
      if (top?.name !== tag.slice(1).trim())
        throw new RenderingFailure(`Unexpected '{{${tag}}}' in the template.`);
      target = top.current;
    } else if (/^[#>&^]/.test(tag))
      throw new RenderingFailure(`'{{${tag}}}' is not supported in the template.`);
    else target.push({ kind: 'value', path: tag, isEscaped: match[2] !== undefined });
  }
  if (open.length > 0)
    throw new RenderingFailure(`Block '${open.at(-1)?.name ?? ''}' is not closed in the template.`);
  if (position < template.length) root.push({ kind: 'text', text: template.slice(position) });
  return root;
};

const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

const lookUp = (path: string, scope: Scope): unknown => {
  let start: Scope | null = scope;
  let rest = path;
  while (rest.startsWith('../')) {
    start = start?.parent ?? null;
    rest = rest.slice(3);
  }
  if (rest === 'this' || rest === '.') return start?.data;
  if (rest.startsWith('@')) return start?.locals[rest.slice(1)];
  const keys = rest.replace(/^this[./]/, '').split('.');
  return keys.reduce<unknown>((value, key) => own(value, key), start?.data);
};

const isTruthy = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"'`=]/g,
    (c) =>
      ({
        '&': '&amp;',
        '<': '&lt;',
        '>': '&gt;',
        '"': '&quot;',
        "'": '&#x27;',
        '`': '&#x60;',
        '=': '&#x3D;',
      })[c] ?? c,
  );

const items = (value: unknown): { data: unknown; locals: Record<string, unknown> }[] => {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, i): [number, unknown] => [i, item])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  return entries.map(([key, data], i) => ({
    data,
    locals: { key, index: i, first: i === 0, last: i === entries.length - 1 },
  }));
};

const write = (nodes: readonly Node[], scope: Scope, isHtml: boolean): string => {
  let out = '';
  for (const node of nodes) {
    if (node.kind === 'text') out += node.text;
    else if (node.kind === 'value') {
      const value = lookUp(node.path, scope);
      if (value === undefined || value === null) {
        throw new RenderingFailure(`Attribute '${node.path}' is not present in the rendering data.`);
      }
      const shown =
        typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
      out += isHtml && node.isEscaped ? escapeHtml(shown) : shown;
    } else {
      const value = lookUp(node.path, scope);
      if (node.kind === 'each') {
        const list = items(value);
        if (list.length === 0) out += write(node.otherwise, scope, isHtml);
        for (const item of list) out += write(node.body, { ...item, parent: scope }, isHtml);
      } else if (isTruthy(value) === (node.kind !== 'unless')) {
        out += write(
          node.body,
          node.kind === 'with' ? { data: value, parent: scope, locals: {} } : scope,
          isHtml,
        );
      } else out += write(node.otherwise, scope, isHtml);
    }
  }
  return out;
};

/**
 * Renders the Handlebars subset that templates use: values, if/unless/each/with, else, comments.
 * Only own properties of the data are reachable. Throws {@link RenderingFailure}.
 */
export const renderTemplate = (template: string, data: unknown, isHtml: boolean): string =>
  write(parse(template), { data, parent: null, locals: {} }, isHtml);
