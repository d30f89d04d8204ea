import { lookup } from 'mime-types';
import { z } from 'zod';
import { fault } from './fault.js';

/**
 * The three shapes in which clients send bytes: base64 text, a Node Buffer turned into JSON, an array of integers.
 */
const content = z.union([
  z.string(),
  z.object({ type: z.literal('Buffer'), data: z.array(z.int().min(0).max(255)) }),
  z.array(z.int().min(0).max(255)),
]);

export const attachmentSchema = z
  .object({
    filename: z.union([z.string().max(255), z.literal(false)]).nullish(),
    content: content.nullish(),
    path: z.string().max(2_048).nullish(),
    content_type: z.string().max(78).nullish(),
    content_id: z.string().max(128).nullish(),
  })
  .meta({ id: 'Attachment' });

export type AttachmentRequest = z.infer<typeof attachmentSchema>;

export interface Attachment {
  filename: string;
  contentType: string;
  contentId: string | undefined;
  /** base64 */
  content: string;
  size: number;
}

/** @returns the bytes as base64, or undefined when the text is not base64 */
export function toBase64(value: z.infer<typeof content>): { base64: string; size: number } | undefined {
  if (typeof value !== 'string') {
    const bytes = Buffer.from(Array.isArray(value) ? value : value.data);
    return { base64: bytes.toString('base64'), size: bytes.length };
  }
  // Almost always it is exactly what Node would write, and of a large file that is quickly seen.
  const strict = Buffer.from(value, 'base64');
  const written = strict.toString('base64');
  if (written === value) return { base64: written, size: strict.length };
  const compact = value.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.replaceAll('=', '').length % 4 === 1)
    return undefined;
  const bytes = Buffer.from(compact, 'base64');
  return { base64: bytes.toString('base64'), size: bytes.length };
}

export const UNKNOWN_TYPE = 'application/octet-stream';

export function contentTypeOf(filename: string): string {
  const type = lookup(filename);
  // message/* must not be in base64 (RFC 2046), which every attachment is.
  return type === false || type.startsWith('message/') ? UNKNOWN_TYPE : type;
}

function extensionOf(filename: string): string {
  return filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
}

const blocked = new Set(
  (
    'adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its js jse ksh lib lnk mad maf mag mam ' +
    'maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh msh1 msh2 mshxml msh1xml msh2xml msi msp mst ops pcd pif plg prf ' +
    'prg reg scf scr sct shb shs sys ps1 ps1xml ps2 ps2xml psc1 psc2 tmp url vb vbe vbs vps vsmacros vss vst vsw vxd ws wsc wsf wsh xnk'
  ).split(' '),
);

/** SES refuses executable types; so do we, before the mail is accepted. */
export function isBlockedFilename(filename: string): boolean {
  return filename.includes('.') && blocked.has(extensionOf(filename));
}

// eslint-disable-next-line no-control-regex -- control characters are exactly what must not get through
const notInFilenames = /[\u0000-\u001f\u007f"\\/]|\p{Surrogate}/u;
const mediaType = /^[\w.+-]+\/[\w.+-]+(; *[\w.+-]+=("[ !#-~]*"|[\w.+-]+))*$/;
/** SES: ContentType has at most 78 characters. */
const MAX_TYPE = 78;

export function isMediaType(text: string): boolean {
  return text.length <= MAX_TYPE && mediaType.test(text);
}

/** What a file from a URL is called; empty when the URL names none. */
export function filenameOf(url: string): string {
  const last = URL.canParse(url) ? new URL(url).pathname.split('/').at(-1) : undefined;
  if (last === undefined) return '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // Not percent-encoded UTF-8: as it stands.
  }
  return name.replace(new RegExp(notInFilenames.source, 'gu'), '_').slice(-255).toWellFormed();
}

/**
 * @param index its place in the request
 * @throws AppError that names the field
 */
export function toAttachment(item: AttachmentRequest, index: number): Attachment {
  const field = `attachments[${index}]`;
  const filename =
    item.filename === false || item.filename == null || item.filename === ''
      ? `attachment-${index + 1}`
      : item.filename;
  const contentId = item.content_id ?? undefined;
  if (notInFilenames.test(filename))
    throw fault(
      'invalid',
      `${field}.filename`,
      `Invalid \`${field}.filename\` field. It must not contain line breaks, control characters, quotes or slashes.`,
    );
  if (isBlockedFilename(filename))
    throw fault(
      'invalid_attachment',
      `${field}.filename`,
      `Attachments of this type are not accepted by Amazon SES: ${filename}`,
    );
  if (contentId !== undefined && !/^[!-;=?-~]{1,78}$/.test(contentId)) {
    throw fault(
      'invalid_attachment',
      `${field}.content_id`,
      `Invalid \`${field}.content_id\`: 1-78 printable ASCII characters without < and >.`,
    );
  }
  const contentType = item.content_type ?? contentTypeOf(filename);
  if (!isMediaType(contentType)) {
    throw fault(
      'invalid_attachment',
      `${field}.content_type`,
      `Invalid \`${field}.content_type\`: not a media type.`,
    );
  }
  if (item.content == null) throw fault('invalid_attachment', field, 'Attachments need `content` or `path`.');
  const bytes = toBase64(item.content);
  if (bytes === undefined)
    throw fault('invalid_attachment', `${field}.content`, `Invalid \`${field}.content\`: not base64.`);
  return { filename, contentType, contentId, content: bytes.base64, size: bytes.size };
}
