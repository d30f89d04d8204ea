import { AwsError } from '../aws-error.js';

export const validation = (text: string): AwsError => new AwsError('ValidationException', 400, text);
export const notFound = (text: string): AwsError => new AwsError('ResourceNotFoundException', 400, text);
export const alreadyExists = (text: string): AwsError =>
  new AwsError('ResourceAlreadyExistsException', 400, text);
export const invalidPattern = (text: string): AwsError =>
  new AwsError('InvalidEventPatternException', 400, `Event pattern is not valid. Reason: ${text}`);
export const limitExceeded = (text: string): AwsError => new AwsError('LimitExceededException', 400, text);
export const accessDenied = (text: string): AwsError => new AwsError('AccessDeniedException', 400, text);
