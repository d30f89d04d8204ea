import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#libs/errors';
import { GuardedHttp, type OutboundResponse } from '#libs/outbound';
import { filenameOf, isMediaType, UNKNOWN_TYPE, type AttachmentRequest } from './attachments.js';
import { fault } from './fault.js';
import { FetchLimits, type FetchPlace } from './fetch-limits.js';
import { MAX_MESSAGE_BYTES } from './prepare-email.js';
import type { SendEmailRequest } from './send-request.js';

const TIMEOUT_MS = 10_000;
const REDIRECTS = 3;
/** Files of one email at the same time. */
const PARALLEL = 4;
/** What base64 leaves of the most that SES takes. */
const MAX_BYTES = Math.floor(MAX_MESSAGE_BYTES * 0.75);

/** Gets the files of attachments that are given as a URL, when the email is accepted. */
@Injectable()
export class FetchAttachments {
  private readonly limits = new FetchLimits();

  constructor(@Inject(GuardedHttp) private readonly http: GuardedHttp) {}

  /**
   * Hands the request on with the content of every attachment.
   *
   * @param check gets the request with empty files first: nothing is fetched for an email that is refused anyway
   * @param use gets the whole request; the files count as held in memory until it is done
   * @throws AppError invalid_attachment that names `attachments[i].path`; rate_limited, unavailable
   */
  async complete<T>(
    projectId: string,
    request: SendEmailRequest,
    check: (request: SendEmailRequest) => Promise<unknown>,
    use: (request: SendEmailRequest) => Promise<T>,
  ): Promise<T> {
    if (!hasRemoteFiles(request)) return use(request);
    const attachments = (request.attachments ?? []).map(withFilename);
    await check({
      ...request,
      attachments: attachments.map((item) => (isRemote(item) ? { ...item, content: '' } : item)),
    });
    const place = this.limits.enter(projectId);
    try {
      await this.fetchAll(attachments, place);
      return await use({ ...request, attachments });
    } finally {
      place.leave();
    }
  }

  /** Puts the files in their places. The first failure ends the others, and all have ended when this ends. */
  private async fetchAll(attachments: AttachmentRequest[], place: FetchPlace): Promise<void> {
    const remote = attachments.flatMap((item, index) => (isRemote(item) ? [{ ...item, index }] : []));
    const abort = new AbortController();
    let left = MAX_BYTES;
    let failure: unknown;
    const worker = async () => {
      for (let next = remote.shift(); next !== undefined && failure === undefined; next = remote.shift()) {
        const { index, path, ...item } = next;
        const field = `attachments[${index}].path`;
        try {
          const file = await this.fetch(path, left, place, abort.signal);
          left -= file.body.length;
          if (left < 0) throw tooLarge();
          attachments[index] = {
            ...item,
            content: file.body.toString('base64'),
            content_type: item.content_type ?? typeOf(file),
          };
        } catch (error) {
          failure ??= asFault(field, error);
          abort.abort();
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    if (failure !== undefined) throw failure;
  }

  private async fetch(
    url: string,
    maxResponseBytes: number,
    place: FetchPlace,
    signal: AbortSignal,
  ): Promise<OutboundResponse> {
    const answer = await this.http.request({
      url,
      method: 'GET',
      headers: { accept: '*/*', 'user-agent': 'Sesame' },
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes,
      overflow: 'fail',
      redirects: REDIRECTS,
      signal,
      onBytes: (count) => place.hold(count),
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new AppError({
      code: 'email.attachment_refused',
      kind: 'invalid',
      message: `The server answered with status ${answer.status}.`,
    });
  }
}

/** Whether something must be fetched before the email is complete. */
export function hasRemoteFiles(request: SendEmailRequest): boolean {
  return (request.attachments ?? []).some(isRemote);
}

type Remote = AttachmentRequest & { path: string };

/** `content` counts when both are given. */
function isRemote(item: AttachmentRequest): item is Remote {
  return item.content == null && item.path != null;
}

function withFilename(item: AttachmentRequest): AttachmentRequest {
  if (!isRemote(item) || (typeof item.filename === 'string' && item.filename !== '')) return item;
  return { ...item, filename: filenameOf(item.path) };
}

/** What the server says, if it says something; else the filename will tell. */
function typeOf({ headers }: OutboundResponse): string | undefined {
  const type = headers['content-type']?.trim();
  if (type === undefined || !isMediaType(type)) return undefined;
  return type === UNKNOWN_TYPE || type === 'binary/octet-stream' ? undefined : type;
}

function tooLarge(): AppError {
  return new AppError({
    code: 'email.attachment_too_large',
    kind: 'invalid',
    message: 'With this file the email is larger than 40 MB after encoding.',
  });
}

/** Every failure of a file is the request's; only what is wrong with us (too much at a time) stays as it is. */
function asFault(field: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  if (error.code === 'email.fetching_too_much') return error;
  const reason = error.code === 'outbound.too_large' ? tooLarge().message : error.message;
  return fault('invalid_attachment', field, `Invalid \`${field}\`: ${reason}`);
}
