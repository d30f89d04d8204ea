import { MalformedPolicy } from './malformed-policy.js';
import { parseStatement, type PolicyKind, type Statement } from './policy-statement.js';
import type { ResolvePrincipal } from './principals.js';

/** A policy ready to be evaluated, with the document it came from. */
export interface Policy {
  readonly document: unknown;
  readonly statements: readonly Statement[];
}

const DOCUMENT_KEYS = new Set(['Version', 'Id', 'Statement']);

const asObject = (value: unknown): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedPolicy('Syntax errors in policy.');
  return value as Record<string, unknown>;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPolicy('This policy contains invalid Json');
  }
};

/**
 * Parses and compiles a policy document, given as JSON text or as an object.
 * `resolve` is needed for trust policies only. Throws {@link MalformedPolicy} with the reason.
 */
export const parsePolicy = (
  input: unknown,
  kind: PolicyKind,
  resolve: ResolvePrincipal = () => null,
): Policy => {
  const document = asObject(typeof input === 'string' ? parseJson(input) : input);
  for (const key of Object.keys(document)) {
    if (!DOCUMENT_KEYS.has(key)) throw new MalformedPolicy('Syntax errors in policy.');
  }
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17')
    throw new MalformedPolicy('Syntax errors in policy.');
  const statement = document['Statement'];
  if (statement === undefined) throw new MalformedPolicy('Missing required field Statement');
  const statements: unknown[] = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) throw new MalformedPolicy('Empty Statement');
  const variables = version === '2012-10-17';
  const parsed = statements.map((item) => parseStatement(asObject(item), kind, variables, resolve));
  const sids = parsed.flatMap((item) => (item.sid === undefined ? [] : [item.sid]));
  if (new Set(sids).size !== sids.length)
    throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  return { document, statements: parsed };
};
