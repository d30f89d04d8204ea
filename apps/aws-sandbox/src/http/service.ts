import type { AwsError } from '../aws-error.js';
import type { Caller } from '../iam/caller.js';
import type { Protocol } from '../sigv4/auth-failure.js';
import type { Settings } from '../settings.js';
import type { FaultKind, ServiceName } from '../state/faults.js';
import type { World } from '../state/world.js';
import type { Reply } from './reply.js';
import type { RawRequest } from './request.js';

/** An authenticated call on its way through an operation. */
export interface CallContext {
  readonly world: World;
  readonly request: RawRequest;
  readonly caller: Caller;
  readonly region: string;
  /** Simulated milliseconds since the epoch. */
  readonly now: number;
  readonly requestId: string;
  /** What the journal shows; operations add to it. Never a secret. */
  readonly parameters: Record<string, unknown>;
}

export interface RoutedCall {
  /** The operation's name in the API, or `Unknown`. */
  readonly action: string;
  /** What the journal shows; operations may add to it. Never a secret. */
  readonly parameters: Record<string, unknown>;
  /** Accounts besides the caller's that a fault may name. */
  readonly accounts: readonly string[];
  /** A promise only where the answer waits, as a long poll does. */
  readonly execute: (context: CallContext) => Reply | Promise<Reply>;
}

/** One simulated AWS service: its wire protocol and its operations. */
export interface AwsService {
  /** As in a credential scope. */
  readonly name: ServiceName;
  readonly protocol: Protocol;
  readonly isRegion: (region: string) => boolean;
  /** Who calls when nobody has signed; null (and no such member) = the call needs a signature. */
  readonly anonymous?: (request: RawRequest) => { readonly caller: Caller; readonly region: string } | null;
  /** Never throws: an unknown operation is a call whose `execute` throws. */
  readonly route: (request: RawRequest) => RoutedCall;
  readonly renderError: (error: AwsError, requestId: string, settings: Settings) => Reply;
  /** The error an injected fault answers with. */
  readonly faultError: (kind: FaultKind, call: RoutedCall, caller: Caller) => AwsError;
}
