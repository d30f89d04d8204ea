import { authorizeService } from '../iam/evaluate.js';
import { RequestContext } from '../iam/request-context.js';
import { anything, flag, list, oneOf, optional, required, structure, text } from '../sesv2/shape.js';
import type { Role } from '../state/account.js';
import type { Rule, RuleTarget } from '../state/event-bus.js';
import type { World } from '../state/world.js';
import { invalidPattern, limitExceeded, notFound, validation } from './errors.js';
import { authorize, eventsArn, eventsContext, NAME, operation, type EventsCall } from './operation.js';
import { compilePattern, InvalidPattern } from './pattern.js';

const MAX_TARGETS = 5;

const bus = { EventBusName: optional(text()) };
const nameAndBus = { Name: required(text(NAME)), ...bus };
const ruleAndBus = { Rule: required(text(NAME)), ...bus };

/** SES publishes on the default bus; others are not simulated. */
const checkBus = (call: EventsCall, name: string | undefined): void => {
  if (name !== undefined && name !== 'default' && name !== eventsArn(call, 'event-bus/default'))
    throw notFound(`Event bus ${name} does not exist.`);
};

const ruleResource = (call: EventsCall, name: string): string => eventsArn(call, `rule/${name}`);

const requireRule = (call: EventsCall, name: string): Rule => {
  const rule = call.bus.rules.get(name);
  if (rule === undefined) throw notFound(`Rule ${name} does not exist on EventBus default.`);
  return rule;
};

/** The role of an ARN as it is in effect. */
export const roleOf = (world: World, arn: string): Role | null => {
  const [, accountId = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  const role = world.currentRole(accountId, name);
  return role?.arn === arn ? role : null;
};

/** EventBridge acts in a role only if the role's trust policy lets it. */
export const trustsEventBridge = (world: World, role: Role): boolean =>
  authorizeService(role.trustPolicy, 'events.amazonaws.com', {
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: RequestContext.of({
      'aws:SourceAccount': role.arn.split(':')[4],
      'aws:CurrentTime': new Date(world.clock.now()).toISOString(),
    }),
  });

/** A role is passed on: that needs its own permission, and the role has to trust EventBridge. */
const checkRole = (call: EventsCall, arn: string): void => {
  authorize(
    call,
    'iam:PassRole',
    arn,
    eventsContext(call).set('iam:PassedToService', 'events.amazonaws.com'),
  );
  const role = roleOf(call.world, arn);
  if (role === null || !trustsEventBridge(call.world, role))
    throw validation(`Provided role '${arn}' cannot be assumed by principal 'events.amazonaws.com'.`);
};

const putRule = operation({
  name: 'PutRule',
  input: structure({
    ...nameAndBus,
    EventPattern: optional(text({ max: 4096 })),
    ScheduleExpression: optional(text()),
    State: optional(oneOf('ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS')),
    Description: optional(text({ max: 512 })),
    RoleArn: optional(text()),
    Tags: optional(anything()),
  }),
  resource: (call, { Name }) => ruleResource(call, Name),
  run: (call, input) => {
    checkBus(call, input.EventBusName);
    if (input.EventPattern === undefined && input.ScheduleExpression === undefined)
      throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    try {
      if (input.EventPattern !== undefined) compilePattern(input.EventPattern);
    } catch (error) {
      if (error instanceof InvalidPattern) throw invalidPattern(error.message);
      throw error;
    }
    const arn = ruleResource(call, input.Name);
    call.bus.rules.set(input.Name, {
      name: input.Name,
      arn,
      createdBy: call.caller.accountId,
      eventPattern: input.EventPattern ?? null,
      scheduleExpression: input.ScheduleExpression ?? null,
      description: input.Description ?? null,
      roleArn: input.RoleArn ?? null,
      state: input.State === 'DISABLED' ? 'DISABLED' : 'ENABLED',
      targets: call.bus.rules.get(input.Name)?.targets ?? new Map(),
    });
    return { RuleArn: arn };
  },
});

const present = (rule: Rule): Record<string, unknown> => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.eventPattern ?? undefined,
  ScheduleExpression: rule.scheduleExpression ?? undefined,
  State: rule.state,
  Description: rule.description ?? undefined,
  RoleArn: rule.roleArn ?? undefined,
  EventBusName: 'default',
});

const describeRule = operation({
  name: 'DescribeRule',
  input: structure(nameAndBus),
  resource: (call, { Name }) => ruleResource(call, Name),
  run: (call, input) => {
    checkBus(call, input.EventBusName);
    const rule = requireRule(call, input.Name);
    return { ...present(rule), CreatedBy: rule.createdBy };
  },
});

const listRules = operation({
  name: 'ListRules',
  input: structure({ ...bus, NamePrefix: optional(text()) }),
  resource: (call) => ruleResource(call, '*'),
  run: (call, input) => {
    checkBus(call, input.EventBusName);
    return {
      Rules: [...call.bus.rules.values()]
        .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
        .map(present),
    };
  },
});

const deleteRule = operation({
  name: 'DeleteRule',
  input: structure({ ...nameAndBus, Force: optional(flag()) }),
  resource: (call, { Name }) => ruleResource(call, Name),
  // Idempotent, but a rule with targets is not deleted.
  run: (call, input) => {
    checkBus(call, input.EventBusName);
    const rule = call.bus.rules.get(input.Name);
    if (rule !== undefined && rule.targets.size > 0)
      throw validation("Rule can't be deleted since it has targets.");
    call.bus.rules.delete(input.Name);
  },
});

const setState = (name: 'EnableRule' | 'DisableRule', state: Rule['state']) =>
  operation({
    name,
    input: structure(nameAndBus),
    resource: (call, { Name }) => ruleResource(call, Name),
    run: (call, input) => {
      checkBus(call, input.EventBusName);
      requireRule(call, input.Name).state = state;
    },
  });

const target = structure({
  Id: required(text(NAME)),
  Arn: required(text({ min: 1, max: 1600 })),
  RoleArn: optional(text()),
  Input: optional(text()),
  InputPath: optional(text()),
  InputTransformer: optional(anything()),
  HttpParameters: optional(anything()),
  RetryPolicy: optional(anything()),
  DeadLetterConfig: optional(anything()),
});

const checkTarget = (call: EventsCall, { Arn, RoleArn }: RuleTarget): void => {
  if (!Arn.startsWith('arn:'))
    throw validation(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  if (Arn.includes(':api-destination/')) {
    if (RoleArn === undefined) throw validation(`RoleArn is required for target ${Arn}.`);
    if (![...call.bus.apiDestinations.values()].some(({ arn }) => arn === Arn))
      throw validation(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (RoleArn !== undefined) checkRole(call, RoleArn);
};

const putTargets = operation({
  name: 'PutTargets',
  input: structure({ ...ruleAndBus, Targets: required(list(target, { min: 1, max: 100 })) }),
  resource: (call, { Rule: name }) => ruleResource(call, name),
  run: (call, input) => {
    checkBus(call, input.EventBusName);
    const rule = requireRule(call, input.Rule);
    for (const item of input.Targets) checkTarget(call, item);
    const ids = new Set([...rule.targets.keys(), ...input.Targets.map(({ Id }) => Id)]);
    if (ids.size > MAX_TARGETS)
      throw limitExceeded('The requested resource exceeds the maximum number allowed.');
    for (const item of input.Targets) rule.targets.set(item.Id, item);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

const listTargetsByRule = operation({
  name: 'ListTargetsByRule',
  input: structure(ruleAndBus),
  resource: (call, { Rule: name }) => ruleResource(call, name),
  run: (call, input) => {
    checkBus(call, input.EventBusName);
    return { Targets: [...requireRule(call, input.Rule).targets.values()] };
  },
});

const removeTargets = operation({
  name: 'RemoveTargets',
  input: structure({
    ...ruleAndBus,
    Ids: required(list(text(), { min: 1, max: 100 })),
    Force: optional(flag()),
  }),
  resource: (call, { Rule: name }) => ruleResource(call, name),
  run: (call, input) => {
    checkBus(call, input.EventBusName);
    const { targets } = requireRule(call, input.Rule);
    for (const id of input.Ids) targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

export const RULE_OPERATIONS = [
  putRule,
  describeRule,
  listRules,
  deleteRule,
  setState('EnableRule', 'ENABLED'),
  setState('DisableRule', 'DISABLED'),
  putTargets,
  listTargetsByRule,
  removeTargets,
];
