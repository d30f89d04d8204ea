/** The account that stands for Sesame's own AWS account, and the key pair its IAM user owns. Obviously fake. */
export const PLATFORM_ACCOUNT_ID = '111122223333';
export const PLATFORM_USER_NAME = 'sesame-platform';
export const PLATFORM_ACCESS_KEY_ID = 'AKIASESAMEXXXEXAMPLE';
export const PLATFORM_SECRET_ACCESS_KEY = 'sesame/sandbox/notARealSecret/EXAMPLEKEY';

/** All the platform user may do. GetCallerIdentity needs no permission in AWS, so it is not listed. */
export const PLATFORM_USER_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/*' }],
} as const;
