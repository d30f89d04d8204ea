import { CONDITION_OPERATORS } from './condition-operators.js';
import { MalformedPolicy } from './malformed-policy.js';
import type { RequestContext } from './request-context.js';

export type Condition = (context: RequestContext) => boolean;

type Qualifier = 'ForAllValues' | 'ForAnyValue' | undefined;

const parseOperator = (written: string): { name: string; qualifier: Qualifier; ifExists: boolean } => {
  const colon = written.indexOf(':');
  const prefix = colon === -1 ? undefined : written.slice(0, colon);
  if (prefix !== undefined && prefix !== 'ForAllValues' && prefix !== 'ForAnyValue') {
    throw new MalformedPolicy(`Invalid Condition type : ${written}.`);
  }
  const operator = written.slice(colon + 1);
  const ifExists = operator.endsWith('IfExists');
  return { name: ifExists ? operator.slice(0, -'IfExists'.length) : operator, qualifier: prefix, ifExists };
};

const compileNull = (key: string, values: readonly string[]): Condition => {
  const wanted = values.map((value) => value.toLowerCase());
  if (wanted.some((value) => value !== 'true' && value !== 'false')) {
    throw new MalformedPolicy('Value for Null condition must be a boolean.');
  }
  return (context) => wanted.includes(context.get(key) === undefined ? 'true' : 'false');
};

/** Compiles `{operator: {key: values}}` of one operator and key. An operator IAM does not know is a malformed policy. */
export const compileCondition = (
  written: string,
  key: string,
  values: readonly string[],
  variables: boolean,
): Condition => {
  const { name, qualifier, ifExists } = parseOperator(written);
  if (name === 'Null' && !ifExists && qualifier === undefined) return compileNull(key, values);
  const operator = CONDITION_OPERATORS.get(name);
  if (operator === undefined) throw new MalformedPolicy(`Invalid Condition type : ${written}.`);
  const matchers = values.map((value) => operator.compile(value, variables));
  const holds = (value: string, context: RequestContext): boolean =>
    matchers.some((matches) => matches(value, context)) !== operator.negated;

  return (context) => {
    const actual = context.get(key);
    const isMissing = actual === undefined || actual.length === 0;
    switch (qualifier) {
      case 'ForAllValues':
        // Vacuously true for an absent key: the reason it protects nothing on sts:ExternalId.
        return isMissing || actual.every((value) => holds(value, context));
      case 'ForAnyValue':
        return isMissing ? ifExists : actual.some((value) => holds(value, context));
      case undefined:
        if (isMissing) return ifExists || operator.negated;
        return operator.negated
          ? actual.every((value) => holds(value, context))
          : actual.some((value) => holds(value, context));
    }
  };
};
