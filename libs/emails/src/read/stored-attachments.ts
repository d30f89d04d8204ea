import { derivedId, timeOfId } from '#libs/crypto';
import { isMediaType, UNKNOWN_TYPE } from '../accept/attachments.js';
import { readRawContent } from './raw-content.js';

/** A file of an email, as it went to SES. */
export interface StoredAttachment {
  id: string;
  filename: string;
  contentType: string;
  /** Set on parts that the HTML refers to. */
  contentId: string | null;
  isInline: boolean;
  /** Bytes. */
  size: number;
  bytes: () => Uint8Array;
}

interface SimpleAttachment {
  FileName: string;
  ContentType: string;
  ContentDisposition: 'ATTACHMENT' | 'INLINE';
  ContentId?: string;
  RawContent: string;
}

/**
 * The files of an email, in their order. They live in the payload, and have no rows: their ids are made of the
 * email's id and their place.
 *
 * @param payload the body of SendEmail
 */
export async function storedAttachments(emailId: string, payload: string): Promise<StoredAttachment[]> {
  const raw = await readRawContent(payload);
  const files = raw === undefined ? simpleFiles(payload) : raw.attachments.map(fromRaw);
  return files.map((file, index) => ({
    ...file,
    id: derivedId(timeOfId(emailId), 'attachment', emailId, String(index)),
    filename: file.filename ?? `attachment-${index + 1}`,
    // A message that came by SMTP may call it anything; as a header of ours it must be one.
    contentType: isMediaType(file.contentType) ? file.contentType : UNKNOWN_TYPE,
  }));
}

type File = Omit<StoredAttachment, 'id' | 'filename'> & { filename: string | null };

function simpleFiles(payload: string): File[] {
  const { Content } = JSON.parse(payload) as { Content?: { Simple?: { Attachments?: SimpleAttachment[] } } };
  return (Content?.Simple?.Attachments ?? []).map((file) => ({
    filename: file.FileName,
    contentType: file.ContentType,
    contentId: file.ContentId ?? null,
    isInline: file.ContentDisposition === 'INLINE',
    size: Buffer.byteLength(file.RawContent, 'base64'),
    bytes: () => Buffer.from(file.RawContent, 'base64'),
  }));
}

function fromRaw(part: {
  filename: string | null;
  contentType: string;
  contentId: string | null;
  isInline: boolean;
  content: Uint8Array;
}): File {
  const { content, ...fields } = part;
  return { ...fields, size: content.length, bytes: () => content };
}
