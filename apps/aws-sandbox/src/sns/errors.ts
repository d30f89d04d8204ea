import { AwsError } from '../aws-error.js';

export const invalidParameter = (text: string): AwsError =>
  new AwsError('InvalidParameter', 400, `Invalid parameter: ${text}`);
export const notFound = (text: string): AwsError => new AwsError('NotFound', 404, text);
export const authorizationError = (text: string): AwsError => new AwsError('AuthorizationError', 403, text);

/** The words of AWS for a parameter that has to be there. */
export const missingParameter = (name: string): AwsError =>
  new AwsError(
    'ValidationError',
    400,
    `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
