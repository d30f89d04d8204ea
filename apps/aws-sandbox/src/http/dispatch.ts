import { setTimeout as delay } from 'node:timers/promises';
import { AwsError } from '../aws-error.js';
import type { Caller } from '../iam/caller.js';
import { AuthFailure, authFailureToAwsError } from '../sigv4/auth-failure.js';
import type { World } from '../state/world.js';
import { authenticate } from './authenticate.js';
import { DROPPED_CONNECTION, type Reply } from './reply.js';
import { header, type RawRequest } from './request.js';
import type { AwsService, CallContext, RoutedCall } from './service.js';

interface Trace {
  caller: Caller | null;
  region: string | null;
  fault: string | null;
}

const toAwsError = (error: unknown, service: AwsService): AwsError => {
  if (error instanceof AwsError) return error;
  if (error instanceof AuthFailure) return authFailureToAwsError(error, service.protocol);
  // A defect of the sandbox itself: show it instead of hiding it behind a polite 500.
  console.error(error);
  return new AwsError(
    'InternalFailure',
    500,
    error instanceof Error ? `sandbox defect: ${error.message}` : null,
  );
};

/** Runs the operation with whatever fault was asked for before or after its effect. */
const executeWithFaults = async (
  service: AwsService,
  routed: RoutedCall,
  context: CallContext,
  trace: Trace,
): Promise<Reply> => {
  const { world, caller } = context;
  const { latencyMs, kind } = world.faults.take(service.name, routed.action, [
    caller.accountId,
    ...routed.accounts,
  ]);
  trace.fault = kind ?? (latencyMs > 0 ? 'latency' : null);
  if (latencyMs > 0) await delay(latencyMs);
  switch (kind) {
    case null:
      return routed.execute(context);
    case 'connection_reset':
      return DROPPED_CONNECTION;
    case 'lost_response':
      // Dropped further down, after the journal has seen how it would have ended.
      return routed.execute(context);
    case 'error_500_after':
      await routed.execute(context);
      throw service.faultError(kind, routed, caller);
    case 'malformed_json': {
      const reply = await routed.execute(context);
      return { ...reply, body: reply.body.toString().slice(0, -Math.ceil(reply.body.length / 2)) };
    }
    default:
      throw service.faultError(kind, routed, caller);
  }
};

/** One AWS call from raw request to reply: route, authenticate, faults, execute, journal. */
export const handleAwsCall = async (
  world: World,
  service: AwsService,
  request: RawRequest,
  requestId: string,
): Promise<Reply> => {
  const routed = service.route(request);
  const trace: Trace = { caller: null, region: null, fault: null };
  let reply: Reply;
  let failure: AwsError | null = null;
  try {
    const isUnsigned = header(request, 'authorization') === undefined;
    const { caller, region } =
      (isUnsigned ? service.anonymous?.(request) : null) ??
      authenticate(world, request, {
        protocol: service.protocol,
        service: service.name,
        isRegion: service.isRegion,
      });
    trace.caller = caller;
    trace.region = region;
    const context: CallContext = {
      world,
      request,
      caller,
      region,
      now: world.clock.now(),
      requestId,
      parameters: routed.parameters,
    };
    reply = await executeWithFaults(service, routed, context, trace);
  } catch (error) {
    failure = toAwsError(error, service);
    reply = service.renderError(failure, requestId, world.settings);
  }
  world.journal.add({
    at: new Date(world.clock.now()).toISOString(),
    service: service.name,
    action: routed.action,
    principal_arn: trace.caller?.arn ?? null,
    account_id: trace.caller?.accountId ?? null,
    region: trace.region,
    parameters: routed.parameters,
    outcome: failure === null && trace.fault !== 'connection_reset' ? 'success' : 'error',
    error: failure?.code ?? (trace.fault === 'connection_reset' ? 'connection_reset' : null),
    error_message: failure?.text ?? null,
    http_status: reply.status,
    fault: trace.fault,
    request_id: requestId,
    sdk_invocation_id: header(request, 'amz-sdk-invocation-id') ?? null,
    user_agent: header(request, 'user-agent') ?? null,
  });
  return trace.fault === 'lost_response' ? DROPPED_CONNECTION : reply;
};
