import { BlockList, isIP } from 'node:net';
import { compileArnPattern } from './arn-pattern.js';
import { compilePattern, type Matches } from './pattern.js';

/** Turns one value of the policy into a test of one value of the request. */
export type CompileValue = (policyValue: string, variables: boolean) => Matches;

export interface ConditionOperator {
  /** `…Not…`: true when no policy value matches, and true when the key is absent. */
  readonly negated: boolean;
  readonly compile: CompileValue;
}

const never: Matches = () => false;

const text =
  (wildcards: boolean, ignoreCase: boolean): CompileValue =>
  (policyValue, variables) =>
    compilePattern(policyValue, { wildcards, variables, ignoreCase });

const compare =
  (parse: (value: string) => number, holds: (request: number, policy: number) => boolean): CompileValue =>
  (policyValue) => {
    const policy = parse(policyValue);
    if (Number.isNaN(policy)) return never;
    return (value) => {
      const request = parse(value);
      return !Number.isNaN(request) && holds(request, policy);
    };
  };

const number = (value: string): number => (value.trim() === '' ? NaN : Number(value));

/** ISO 8601 or epoch seconds: IAM takes both on either side. */
const date = (value: string): number =>
  /^-?\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value);

const equal = (a: number, b: number): boolean => a === b;
const less = (a: number, b: number): boolean => a < b;
const lessOrEqual = (a: number, b: number): boolean => a <= b;
const greater = (a: number, b: number): boolean => a > b;
const greaterOrEqual = (a: number, b: number): boolean => a >= b;

const bool: CompileValue = (policyValue) => {
  const wanted = policyValue.toLowerCase();
  return wanted === 'true' || wanted === 'false' ? (value) => value.toLowerCase() === wanted : never;
};

const ipAddress: CompileValue = (policyValue) => {
  const [address = '', prefix] = policyValue.split('/');
  const family = isIP(address);
  if (family === 0) return never;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return never;
  const list = new BlockList();
  list.addSubnet(address, bits, type);
  return (value) => isIP(value) === family && list.check(value, type);
};

const both = (name: string, compile: CompileValue): [string, ConditionOperator][] => [
  [name, { negated: false, compile }],
  [name.replace(/(Equals|Like|IpAddress)/, 'Not$1'), { negated: true, compile }],
];

const ordered = (prefix: string, parse: (value: string) => number): [string, ConditionOperator][] => [
  ...both(`${prefix}Equals`, compare(parse, equal)),
  [`${prefix}LessThan`, { negated: false, compile: compare(parse, less) }],
  [`${prefix}LessThanEquals`, { negated: false, compile: compare(parse, lessOrEqual) }],
  [`${prefix}GreaterThan`, { negated: false, compile: compare(parse, greater) }],
  [`${prefix}GreaterThanEquals`, { negated: false, compile: compare(parse, greaterOrEqual) }],
];

/** Every condition operator of IAM except `Null`, which looks at presence instead of values. */
export const CONDITION_OPERATORS: ReadonlyMap<string, ConditionOperator> = new Map([
  ...both('StringEquals', text(false, false)),
  ...both('StringEqualsIgnoreCase', text(false, true)),
  ...both('StringLike', text(true, false)),
  ...both('ArnEquals', compileArnPattern),
  ...both('ArnLike', compileArnPattern),
  ...both('IpAddress', ipAddress),
  ...ordered('Numeric', number),
  ...ordered('Date', date),
  ['Bool', { negated: false, compile: bool }],
  ['BinaryEquals', { negated: false, compile: text(false, false) }],
] satisfies [string, ConditionOperator][]);
