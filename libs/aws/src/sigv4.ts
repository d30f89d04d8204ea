import { createHmac, hash } from 'node:crypto';
import type { SessionCredentials } from './credentials.js';

/** The constant parts of signing one kind of request with one set of credentials. */
interface DayKey {
  day: string;
  scope: string;
  key: Buffer;
}

/**
 * AWS Signature Version 4 for one request shape: POST of a JSON body to one path of one host. Everything but time and
 * body is worked out once per session, which makes it several times cheaper than a general signer; a test holds it
 * against @smithy/signature-v4.
 */
export class RequestSigner {
  private dayKey: DayKey | undefined;
  private readonly head: string;
  private static readonly signedHeaders = 'content-type;host;x-amz-date;x-amz-security-token';

  constructor(
    private readonly credentials: SessionCredentials,
    private readonly region: string,
    private readonly service: string,
    host: string,
    path: string,
  ) {
    this.head = `POST\n${path}\n\ncontent-type:application/json\nhost:${host}\nx-amz-date:`;
  }

  /** @returns the headers to send; `host` is the client's to set. */
  sign(body: string | Buffer, nowMs: number): Record<string, string> {
    const time = new Date(nowMs).toISOString();
    const day = time.slice(0, 4) + time.slice(5, 7) + time.slice(8, 10);
    const amzDate = `${day}T${time.slice(11, 13)}${time.slice(14, 16)}${time.slice(17, 19)}Z`;
    const { scope, key } = this.keyOf(day);
    const canonical =
      `${this.head}${amzDate}\nx-amz-security-token:${this.credentials.sessionToken}\n\n` +
      `${RequestSigner.signedHeaders}\n${sha256Hex(body)}`;
    const signature = createHmac('sha256', key)
      .update(`AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256Hex(canonical)}`)
      .digest('hex');
    return {
      'content-type': 'application/json',
      'x-amz-date': amzDate,
      'x-amz-security-token': this.credentials.sessionToken,
      authorization: `AWS4-HMAC-SHA256 Credential=${this.credentials.accessKeyId}/${scope}, SignedHeaders=${RequestSigner.signedHeaders}, Signature=${signature}`,
    };
  }

  private keyOf(day: string): DayKey {
    if (this.dayKey?.day === day) return this.dayKey;
    const mac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
    const key = mac(
      mac(mac(mac(`AWS4${this.credentials.secretAccessKey}`, day), this.region), this.service),
      'aws4_request',
    );
    this.dayKey = { day, scope: `${day}/${this.region}/${this.service}/aws4_request`, key };
    return this.dayKey;
  }
}

function sha256Hex(data: string | Buffer): string {
  return hash('sha256', data);
}
