import { AppError } from '#libs/errors';
import { isProblem, keysOf, scanTemplate, type Part } from './engine/scan.js';
import { checkVariables, isStorable, type TemplateVariable } from './variables.js';

/** What one version of a template says. */
export interface TemplateContent {
  from: string | null;
  subject: string | null;
  replyTo: string[];
  html: string;
  /** Null: made from the HTML when an email is sent. Empty: no text part. */
  text: string | null;
  variables: TemplateVariable[];
}

/** A version that has been scanned: ready to render. */
export interface CompiledContent {
  from: Part[] | null;
  subject: Part[] | null;
  replyTo: Part[][];
  html: Part[];
  text: Part[] | null;
  variables: TemplateVariable[];
}

/** Bytes in UTF-8, of html and of text. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Characters: RFC 5322's longest line. */
const MAX_LINE = 998;
const MAX_REPLY_TO = 50;

// eslint-disable-next-line no-control-regex -- control characters are exactly what must not get into headers
const controlCharacters = /[\u0000-\u001f\u007f]/;

/** @throws AppError that names the field, and the tag that is not allowed or not declared */
export function compileContent(content: TemplateContent): CompiledContent {
  const { from, subject, replyTo, html, text, variables } = content;
  checkVariables(variables);
  const declared = new Set(variables.map(({ key }) => key));
  const line = (field: string, source: string) => scan(field, checkLine(field, source), declared);
  const body = (field: string, source: string) => scan(field, checkBody(field, source), declared);
  if (html === '') throw fault('missing_field', 'html', 'Missing `html` field.');
  if (replyTo.length > MAX_REPLY_TO)
    throw invalid('reply_to', `It can hold at most ${MAX_REPLY_TO} addresses.`);
  return {
    html: body('html', html),
    text: text === null ? null : body('text', text),
    subject: subject === null ? null : line('subject', subject),
    from: from === null ? null : line('from', from),
    replyTo: replyTo.map((address) => line('reply_to', address)),
    variables,
  };
}

function scan(field: string, source: string, declared: ReadonlySet<string>): Part[] {
  const parts = scanTemplate(source);
  if (isProblem(parts)) {
    throw fault(
      'invalid',
      field,
      `Invalid \`${field}\` field. The tag \`${parts.tag}\` at line ${parts.line}, column ${parts.column} is not supported.`,
      'Templates know {{{KEY}}} (as it is) and {{KEY}} (escaped in HTML), at most 10 000 of them: no sections, conditions, partials, comments or paths.',
    );
  }
  for (const key of keysOf(parts)) {
    if (declared.has(key)) continue;
    throw fault(
      'invalid',
      field,
      `Variable '${key}' is used in the template but not defined in the variables list`,
      `Add { "key": "${key}", "type": "string" } to \`variables\`.`,
    );
  }
  return parts;
}

function checkLine(field: string, source: string): string {
  if (source.length > MAX_LINE) throw invalid(field, `It must be at most ${MAX_LINE} characters.`);
  if (controlCharacters.test(source) || !source.isWellFormed())
    throw invalid(field, 'It must not contain line breaks or control characters.');
  return source;
}

function checkBody(field: string, source: string): string {
  if (Buffer.byteLength(source) > MAX_BODY_BYTES) throw invalid(field, 'It must be at most 1 MB.');
  if (!isStorable(source))
    throw invalid(field, 'It must not contain NUL characters or halves of surrogate pairs.');
  return source;
}

function invalid(field: string, problem: string): AppError {
  return fault('invalid', field, `Invalid \`${field}\` field. ${problem}`);
}

function fault(kind: 'invalid' | 'missing_field', field: string, message: string, remedy?: string): AppError {
  return new AppError({
    code: `template.${kind}`,
    kind,
    field,
    message,
    ...(remedy !== undefined && { remedy }),
  });
}
