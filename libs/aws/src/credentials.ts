/** Temporary credentials of one AssumeRole. Never logged, never stored unsealed. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Date;
}

/** Whose rights a call has, and where it goes. */
export interface AwsSession {
  readonly credentials: SessionCredentials;
  readonly region: string;
}
