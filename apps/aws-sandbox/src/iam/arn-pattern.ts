import { compilePattern, type Matches } from './pattern.js';

const splitArn = (arn: string): string[] => {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/** Cuts at colons outside `${…}`: a variable such as `${aws:username}` holds one of its own. */
const splitArnPattern = (pattern: string): string[] => {
  const hidden = pattern.replace(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(':', '\u0000'));
  return splitArn(hidden).map((part) => part.replaceAll('\u0000', ':'));
};

/** ArnLike and ArnEquals are the same: each of the six parts is matched on its own, so `*` never crosses a colon. */
export const compileArnPattern = (pattern: string, variables: boolean): Matches => {
  const parts = splitArnPattern(pattern);
  if (parts.length < 6) return pattern === '*' ? () => true : () => false;
  const matchers = parts.map((part) => compilePattern(part, { wildcards: true, variables }));
  return (value, context) => {
    const actual = splitArn(value);
    return actual.length === 6 && matchers.every((matches, i) => matches(actual[i] ?? '', context));
  };
};
