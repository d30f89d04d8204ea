import { randomUUID } from 'node:crypto';
import { authorizeService, evaluatePolicies } from '../iam/evaluate.js';
import { RequestContext } from '../iam/request-context.js';
import type { DeliveryRecord } from '../state/delivery.js';
import type { ApiDestination, EventBusRegion, Rule, RuleTarget } from '../state/event-bus.js';
import type { World } from '../state/world.js';
import { compilePattern } from './pattern.js';
import { roleOf, trustsEventBridge } from './rule-operations.js';

/** EventBridge gives an API destination five seconds. */
const TIMEOUT_MS = 5000;
/** EventBridge tries 185 times in 24 hours; a sandbox that long after a dead endpoint helps nobody. */
const MAX_RETRIES = 5;
const EVENTS_SENDER_ID = 'AIDAEVENTSXXXXEXAMPLE';

export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export const newBusEvent = (
  fields: Pick<BusEvent, 'detail-type' | 'source' | 'account' | 'region' | 'resources' | 'detail'>,
  now: number,
): BusEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': fields['detail-type'],
  source: fields.source,
  account: fields.account,
  // Whole seconds, as EventBridge writes them.
  time: new Date(now).toISOString().replace(/\.\d{3}/, ''),
  region: fields.region,
  resources: fields.resources,
  detail: fields.detail,
});

interface Invocation {
  readonly world: World;
  readonly bus: EventBusRegion;
  readonly rule: Rule;
  readonly target: RuleTarget;
  readonly event: BusEvent;
}

const record = (
  { world, rule, target, event }: Invocation,
  outcome: DeliveryRecord['outcome'],
  attempt: number,
  httpStatus: number | null = null,
  reason: string | null = null,
): void =>
  world.deliveries.add({
    at: new Date(world.clock.now()).toISOString(),
    service: 'events',
    source: rule.arn,
    target: target.Arn,
    message_id: event.id,
    attempt,
    outcome,
    http_status: httpStatus,
    reason,
  });

const serviceContext = ({ world, rule, bus }: Invocation): RequestContext =>
  RequestContext.of({
    'aws:SourceArn': rule.arn,
    'aws:SourceAccount': bus.accountId,
    'aws:PrincipalIsAWSService': 'true',
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': new Date(world.clock.now()).toISOString(),
  });

const bodyOf = ({ target, event }: Invocation): string => {
  if (typeof target['Input'] === 'string') return target['Input'];
  return JSON.stringify(target['InputPath'] === '$.detail' ? event.detail : event);
};

const toQueue = (invocation: Invocation): void => {
  const { world, target } = invocation;
  const queue = world.findQueue(target.Arn);
  const isAllowed =
    queue !== undefined &&
    authorizeService(queue.policy, 'events.amazonaws.com', {
      action: 'sqs:SendMessage',
      resource: queue.arn,
      context: serviceContext(invocation),
    });
  if (!isAllowed) {
    record(invocation, 'denied', 1, null, queue === undefined ? 'no such queue' : 'queue policy');
    return;
  }
  queue.send(bodyOf(invocation), world.clock.now(), EVENTS_SENDER_ID);
  world.onMessage();
  record(invocation, 'delivered', 1);
};

/** Why EventBridge may not call: the role has to exist, to trust it and to allow the destination. */
const roleProblem = (invocation: Invocation, destination: ApiDestination): string | null => {
  const { world, target } = invocation;
  const role = roleOf(world, target.RoleArn ?? '');
  if (role === null) return 'no such role';
  if (!trustsEventBridge(world, role)) return 'trust policy of the role';
  const verdict = evaluatePolicies(role.policies.list, {
    action: 'events:InvokeApiDestination',
    resource: destination.arn,
    context: serviceContext(invocation),
  });
  return verdict === 'allow' ? null : 'role does not allow events:InvokeApiDestination';
};

const toApiDestination = async (invocation: Invocation, attempt = 1): Promise<void> => {
  const { world, bus, target } = invocation;
  const destination = [...bus.apiDestinations.values()].find(({ arn }) => arn === target.Arn);
  const connection = [...bus.connections.values()].find(({ arn }) => arn === destination?.connectionArn);
  if (destination === undefined || connection === undefined) {
    record(invocation, 'denied', attempt, null, 'no such API destination or connection');
    return;
  }
  const problem =
    connection.state === 'DEAUTHORIZED' ? 'connection is deauthorized' : roleProblem(invocation, destination);
  if (problem !== null) {
    record(invocation, 'denied', attempt, null, problem);
    return;
  }
  const answer = await world.endpoints.send({
    url: destination.invocationEndpoint,
    method: destination.httpMethod,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Amazon/EventBridge/ApiDestinations',
      range: 'bytes=0-1048575',
      'accept-encoding': 'gzip,deflate',
      [connection.header.name]: connection.header.value,
    },
    body: bodyOf(invocation),
    timeoutMs: TIMEOUT_MS,
  });
  const { status } = answer;
  if (status !== null && status >= 200 && status < 300) {
    record(invocation, 'delivered', attempt, status);
    return;
  }
  record(invocation, 'failed', attempt, status, answer.status === null ? answer.reason : null);
  // From then on the connection has to be authorised anew.
  if (status === 401 || status === 407) connection.state = 'DEAUTHORIZED';
  const isTransient = status === null || status === 409 || status === 429 || status >= 500;
  if (isTransient && attempt <= retriesOf(target))
    world.courier.later(world.settings.delivery_retry_ms, () => toApiDestination(invocation, attempt + 1));
};

const retriesOf = (target: RuleTarget): number => {
  const policy = target['RetryPolicy'] as { MaximumRetryAttempts?: number } | undefined;
  return Math.min(policy?.MaximumRetryAttempts ?? MAX_RETRIES, MAX_RETRIES);
};

const invoke = (invocation: Invocation): void | Promise<void> => {
  if (invocation.target.Arn.includes(':api-destination/')) return toApiDestination(invocation);
  if (invocation.target.Arn.startsWith('arn:aws:sqs:')) return toQueue(invocation);
  record(invocation, 'denied', 1, null, 'the sandbox knows API destinations and queues only');
  return undefined;
};

/** Hands an event on the default bus to the targets of every enabled rule that matches. */
export const routeEvent = async (world: World, event: BusEvent): Promise<void> => {
  const bus = world.eventBus(event.account, event.region);
  const invocations = [...bus.rules.values()]
    .filter(
      ({ state, eventPattern }) =>
        state === 'ENABLED' && eventPattern !== null && compilePattern(eventPattern)(event),
    )
    .flatMap((rule) => [...rule.targets.values()].map((target) => ({ world, bus, rule, target, event })));
  await Promise.all(invocations.map(invoke));
};
