import { AwsError } from '../aws-error.js';

export const badRequest = (text: string | null): AwsError => new AwsError('BadRequestException', 400, text);
export const notFound = (text: string): AwsError => new AwsError('NotFoundException', 404, text);
export const alreadyExists = (text: string): AwsError => new AwsError('AlreadyExistsException', 400, text);
export const messageRejected = (text: string): AwsError => new AwsError('MessageRejected', 400, text);
export const sendingPaused = (text: string): AwsError => new AwsError('SendingPausedException', 400, text);
export const tooManyRequests = (text: string): AwsError =>
  new AwsError('TooManyRequestsException', 429, text);
export const limitExceeded = (text: string): AwsError => new AwsError('LimitExceededException', 400, text);
export const serialization = (text: string | null): AwsError =>
  new AwsError('SerializationException', 400, text);
export const accessDenied = (text: string): AwsError => new AwsError('AccessDeniedException', 403, text);

export const RATE_EXCEEDED = 'Maximum sending rate exceeded.';
export const DAILY_QUOTA_EXCEEDED = 'Daily message quota exceeded.';
