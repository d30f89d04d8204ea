import PostalMime from 'postal-mime';

/** What a person sees of a message that was submitted as it is. */
export interface RawContent {
  html: string | null;
  text: string | null;
  attachments: RawAttachment[];
}

export interface RawAttachment {
  filename: string | null;
  contentType: string;
  /** Without angle brackets; set on parts that the HTML refers to. */
  contentId: string | null;
  isInline: boolean;
  content: Uint8Array;
}

const nothing: RawContent = { html: null, text: null, attachments: [] };

/**
 * Takes the message of a SendEmail payload with Raw content apart.
 *
 * @returns undefined when the payload has other content; nothing readable of a message that nests too deep
 */
export async function readRawContent(payload: string): Promise<RawContent | undefined> {
  const data = rawData(payload);
  if (data === undefined) return undefined;
  const mime = await PostalMime.parse(Buffer.from(data, 'base64')).catch(() => undefined);
  if (mime === undefined) return nothing;
  return {
    html: body(mime.html),
    text: body(mime.text),
    attachments: mime.attachments.map((part) => ({
      filename: part.filename,
      contentType: part.mimeType,
      contentId: part.contentId?.replace(/^<|>$/g, '') ?? null,
      isInline: part.disposition === 'inline' || part.related === true,
      content: bytesOf(part.content),
    })),
  };
}

/** The line break before a part's boundary belongs to the boundary (RFC 2046); postal-mime leaves it. */
function body(text: string | undefined): string | null {
  return text?.replace(/\r?\n$/, '') ?? null;
}

function rawData(payload: string): string | undefined {
  const { Content } = JSON.parse(payload) as { Content?: { Raw?: { Data?: string } } };
  return Content?.Raw?.Data;
}

function bytesOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
}
