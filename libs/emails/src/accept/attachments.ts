import { z } from 'zod';

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
    path: z.string().nullish(),
    content_type: z.string().max(78).nullish(),
    content_id: z.string().max(128).nullish(),
  })
  .meta({ id: 'Attachment' });

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
  const compact = value.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.replaceAll('=', '').length % 4 === 1)
    return undefined;
  const bytes = Buffer.from(compact, 'base64');
  return { base64: bytes.toString('base64'), size: bytes.length };
}

const typesByExtension: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  ics: 'text/calendar',
  json: 'application/json',
  xml: 'application/xml',
  zip: 'application/zip',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
};

export function contentTypeOf(filename: string): string {
  const extension = extensionOf(filename);
  const known = Object.hasOwn(typesByExtension, extension) ? typesByExtension[extension] : undefined;
  return known ?? 'application/octet-stream';
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
