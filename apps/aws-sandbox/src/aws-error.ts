/** An error as it goes on the wire: code, HTTP status and text. `null` text is real: SES sends some errors without any. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly text: string | null,
  ) {
    super(`${code}: ${text ?? ''}`);
    this.name = 'AwsError';
  }
}
