import { callerContext } from '../iam/caller-context.js';
import { deniedText } from '../iam/denied-text.js';
import { authorizeCaller } from '../iam/evaluate.js';
import type { RequestContext } from '../iam/request-context.js';
import type { CallContext } from '../http/service.js';
import type { Shape } from '../sesv2/shape.js';
import type { EventBusRegion } from '../state/event-bus.js';
import { accessDenied, validation } from './errors.js';

export interface EventsCall extends CallContext {
  readonly bus: EventBusRegion;
}

export interface EventsOperation {
  readonly name: string;
  readonly run: (call: EventsCall, body: unknown) => unknown;
}

export const eventsContext = (call: EventsCall): RequestContext =>
  callerContext(call.caller, call.request, call.region, call.now, call.world.settings).set(
    'aws:ResourceAccount',
    call.caller.accountId,
  );

/** Checks the caller's own policies; EventBridge resources have none here. Throws AwsError. */
export const authorize = (
  call: EventsCall,
  action: string,
  resource: string,
  context: RequestContext = eventsContext(call),
): void => {
  const decision = authorizeCaller(call.caller, { action, resource, context });
  if (!decision.isAllowed) throw accessDenied(deniedText(call.caller.arn, action, resource, decision));
};

/** Defines an operation: JSON shape, then permission on `resource`, then its rules. */
export const operation = <T>(definition: {
  readonly name: string;
  readonly input: Shape<T>;
  readonly resource: (call: EventsCall, input: T) => string;
  readonly run: (call: EventsCall, input: T) => unknown;
}): EventsOperation => ({
  name: definition.name,
  run: (call, body) => {
    const problems: string[] = [];
    const input = definition.input.read(body, '', problems);
    if (problems.length > 0)
      throw validation(
        `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
      );
    authorize(call, `events:${definition.name}`, definition.resource(call, input));
    return definition.run(call, input) ?? {};
  },
});

export const eventsArn = ({ region, caller }: CallContext, resource: string): string =>
  `arn:aws:events:${region}:${caller.accountId}:${resource}`;

export const NAME = { min: 1, max: 64, pattern: /^[.\-_A-Za-z0-9]+$/ } as const;
