import type { RequestContext } from './request-context.js';

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined };

export type Matches = (value: string, context: RequestContext) => boolean;

export interface PatternOptions {
  /** Whether `*` and `?` are wildcards (StringLike, Resource) or plain characters (StringEquals). */
  readonly wildcards: boolean;
  /** Policy variables exist only in documents of version 2012-10-17. */
  readonly variables: boolean;
  readonly ignoreCase?: boolean;
}

const VARIABLE = /\$\{([^}]*)\}/y;

const tokenize = (pattern: string, options: PatternOptions): Token[] => {
  const tokens: Token[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') tokens.push({ kind: 'text', text });
    text = '';
  };
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] ?? '';
    VARIABLE.lastIndex = i;
    const variable = options.variables && c === '$' ? VARIABLE.exec(pattern) : null;
    if (variable !== null) {
      const name = (variable[1] ?? '').trim();
      // ${*}, ${?} and ${$} are the way to write these three characters literally.
      if (name === '*' || name === '?' || name === '$') text += name;
      else {
        flush();
        const withDefault = /^([^,]+?)\s*,\s*'(.*)'$/.exec(name);
        tokens.push({ kind: 'variable', key: withDefault?.[1] ?? name, fallback: withDefault?.[2] });
      }
      i += variable[0].length - 1;
    } else if (options.wildcards && (c === '*' || c === '?')) {
      flush();
      tokens.push({ kind: c === '*' ? 'any' : 'one' });
    } else text += c;
  }
  flush();
  return tokens;
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const toRegExp = (tokens: readonly Token[], ignoreCase: boolean): RegExp => {
  let source = '^';
  for (const token of tokens) {
    if (token.kind === 'text') source += escape(token.text);
    else source += token.kind === 'any' ? '.*' : '.';
  }
  return new RegExp(`${source}$`, ignoreCase ? 'is' : 's');
};

/** A multi-valued or absent key makes the whole pattern match nothing, as in IAM. */
const resolve = (tokens: readonly Token[], context: RequestContext): Token[] | null => {
  const resolved: Token[] = [];
  for (const token of tokens) {
    if (token.kind !== 'variable') {
      resolved.push(token);
      continue;
    }
    const values = context.get(token.key);
    const value = values?.length === 1 ? values[0] : token.fallback;
    if (value === undefined) return null;
    resolved.push({ kind: 'text', text: value });
  }
  return resolved;
};

/** Compiles a policy pattern once; only patterns with variables are worked out per request. */
export const compilePattern = (pattern: string, options: PatternOptions): Matches => {
  const ignoreCase = options.ignoreCase ?? false;
  const tokens = tokenize(pattern, options);
  if (tokens.some((token) => token.kind === 'variable')) {
    return (value, context) => {
      const resolved = resolve(tokens, context);
      return resolved !== null && toRegExp(resolved, ignoreCase).test(value);
    };
  }
  if (tokens.length === 1 && tokens[0]?.kind === 'any') return () => true;
  if (!ignoreCase && tokens.every((token) => token.kind === 'text')) {
    const text = tokens.map((token) => (token.kind === 'text' ? token.text : '')).join('');
    return (value) => value === text;
  }
  const regExp = toRegExp(tokens, ignoreCase);
  return (value) => regExp.test(value);
};
