/** How a set-up can be broken in the sandbox, in the order of the dashboard; the last one mends all of it. */
export const scenarios = [
  'delete_role',
  'drop_external_id',
  'any_external_id',
  'remove_send_permission',
  'shorten_session',
  'pause_sending',
  'leave_production',
  'use_up_quota',
  'unverify_identity',
  'mend',
] as const;
export type Scenario = (typeof scenarios)[number];

/** Those that only a mail shows (SES refuses it, or it waits), and the mending, after which one goes out. */
export const mailScenarios: readonly Scenario[] = [
  'leave_production',
  'use_up_quota',
  'unverify_identity',
  'mend',
];

/** The parts of an IAM policy that are changed here; the rest stays as it was written. */
export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const EXTERNAL_ID = 'sts:ExternalId';

/** The trust policy as somebody leaves it who finds the external ID superfluous. */
export function withoutExternalId(policy: Policy): Policy {
  return mapStatements(policy, ({ Condition: condition = {}, ...statement }) => {
    const left = Object.entries(condition)
      .map(
        ([operator, keys]) =>
          [operator, Object.entries(keys).filter(([key]) => key !== EXTERNAL_ID)] as const,
      )
      .filter(([, keys]) => keys.length > 0)
      .map(([operator, keys]) => [operator, Object.fromEntries(keys)] as const);
    return left.length === 0 ? statement : { ...statement, Condition: Object.fromEntries(left) };
  });
}

/** The trust policy with a condition that any external ID satisfies, though not its absence. */
export function withAnyExternalId(policy: Policy): Policy {
  return mapStatements(withoutExternalId(policy), ({ Condition: condition = {}, ...statement }) => ({
    ...statement,
    Condition: { ...condition, StringLike: { ...condition['StringLike'], [EXTERNAL_ID]: '*' } },
  }));
}

/** Policies without this action, by its name or by a wildcard; a policy that then allows nothing is left out. */
export function withoutAction(
  policies: Readonly<Record<string, Policy>>,
  action: string,
): Record<string, Policy> {
  const left = Object.entries(policies)
    .map(([name, policy]) => [name, withoutActionIn(policy, action)] as const)
    .filter(([, policy]) => policy.Statement.length > 0);
  return Object.fromEntries(left);
}

function withoutActionIn(policy: Policy, action: string): Policy {
  const statements = policy.Statement.flatMap((statement) => {
    if (statement.Action === undefined) return [statement];
    const actions = typeof statement.Action === 'string' ? [statement.Action] : statement.Action;
    const left = actions.filter((pattern) => !isMatch(pattern, action));
    if (left.length === actions.length) return [statement];
    return left.length === 0 ? [] : [{ ...statement, Action: left }];
  });
  return { ...policy, Statement: statements };
}

/** `ses:Send*` stands for `ses:SendEmail`; IAM compares actions without regard to case. */
function isMatch(pattern: string, action: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  if (rest.length === 0) return first === text;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function mapStatements(policy: Policy, change: (statement: Statement) => Statement): Policy {
  return { ...policy, Statement: policy.Statement.map(change) };
}
