import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** Clients of one caller. */
export interface AwsClients {
  ses: SESv2Client;
  /** The same in a region that the connection is not for. */
  sesElsewhere: SESv2Client;
  sns: SNSClient;
  sqs: SQSClient;
  events: EventBridgeClient;
}

/** A set of rights that the kit gives: a purpose, and for `events` who makes what carries them. */
export const grants = [
  'send',
  'events of the kit',
  'events',
  'events by EventBridge',
  'analytics',
  'configure',
] as const;
export type Grant = (typeof grants)[number];

/** One call of AWS, and which grants allow it. */
export interface AwsCall {
  call: string;
  allowedBy: readonly Grant[];
  /** What the call needs, made with all rights. @param name unused so far */
  prepare?: (all: AwsClients, name: string) => Promise<unknown>;
  run: (mine: AwsClients, name: string) => Promise<unknown>;
  /** Code that shows as well that IAM let the call through. */
  orElse?: string;
}

export const nobody: readonly Grant[] = [];

/** @returns `allowed`, `denied`, or what else went wrong */
export async function outcomeOf(call: Promise<unknown>, orElse?: string): Promise<string> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const { name, message } = error as Error;
    if (/^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException)$/.test(name))
      return 'denied';
    return orElse !== undefined && name.startsWith(orElse) ? 'allowed' : `${name}: ${message}`;
  }
}
