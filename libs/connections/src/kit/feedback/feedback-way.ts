import type { FeedbackArns, FeedbackMode, FeedbackNames } from './feedback-names.js';

/** What the customer makes with the kit so that events come to us. */
export interface FeedbackWay {
  mode: FeedbackMode;
  /** Our address; null in mode `pull`. */
  endpointUrl: string | null;
  /** What EventBridge logs in with; null in the other modes. */
  secret: string | null;
}

export interface FeedbackWayFacts extends FeedbackWay {
  names: FeedbackNames;
  arns: FeedbackArns;
  accountId: string;
}

/** Of the subscription: SNS takes an address only with its own. Plain http is a developer's machine; AWS does not reach it. */
export function endpointProtocol(endpointUrl: string): 'http' | 'https' {
  return endpointUrl.startsWith('http:') ? 'http' : 'https';
}

/** As SES API v2 and Terraform name them. */
export const wayEventTypes = [
  'SEND',
  'REJECT',
  'BOUNCE',
  'COMPLAINT',
  'DELIVERY',
  'RENDERING_FAILURE',
  'DELIVERY_DELAY',
] as const;

/** `RENDERING_FAILURE` → `renderingFailure`, as CloudFormation names them. */
export function toCamel(type: string): string {
  return type.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
