import type { EmailTemplate, SesRegion } from '../../state/ses-region.js';
import type { TemplateContent } from '../../state/message.js';
import { nameFromArn } from '../arn.js';
import { badRequest, notFound } from '../errors.js';
import { renderTemplate, RenderingFailure } from './render-template.js';
import type { SimpleInput, TemplateInput } from './send-input.js';

const MAX_MESSAGE_BYTES = 40 * 1024 * 1024;
const BLOCKED_EXTENSION =
  /\.(?:ade|adp|bat|chm|cmd|com|cpl|exe|hta|ins|isp|jse?|lib|lnk|mde|msc|msp|mst|pif|scr|sct|shb|sys|vb|vbe|vbs|vxd|wsc|wsf|wsh)$/i;
// Not checked at all unless the start of it occurs: this is on the way of every message.
const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR`;

export const checkSize = (bytes: number): void => {
  if (bytes > MAX_MESSAGE_BYTES)
    throw badRequest(`Message length is more than ${MAX_MESSAGE_BYTES} bytes long: '${bytes}'.`);
};

export const checkHeaders = (content: SimpleInput | TemplateInput): void => {
  for (const { Name, Value } of content.Headers ?? []) {
    if (Name.length + Value.length > 996)
      throw badRequest(`Header name and value together must not exceed 996 characters: '${Name}'.`);
  }
  for (const { FileName } of content.Attachments ?? []) {
    if (BLOCKED_EXTENSION.test(FileName))
      throw badRequest(`Attachment file type is not supported: '${FileName}'.`);
  }
};

export const checkSimple = (content: SimpleInput): void => {
  if (content.Body.Text === undefined && content.Body.Html === undefined)
    throw badRequest('Body must contain Text or Html.');
  checkHeaders(content);
};

export type TemplateSource =
  | { readonly kind: 'stored'; readonly name: string }
  | { readonly kind: 'inline'; readonly content: EmailTemplate['content'] };

/** Exactly one of name, ARN and inline content. */
export const templateSource = (template: TemplateInput): TemplateSource => {
  const { TemplateName, TemplateArn, TemplateContent: inline } = template;
  const given = [TemplateName, TemplateArn, inline].filter((item) => item !== undefined).length;
  if (given !== 1)
    throw badRequest('Template must specify exactly one of TemplateName, TemplateArn, or TemplateContent.');
  if (inline !== undefined) return { kind: 'inline', content: inline };
  return { kind: 'stored', name: TemplateName ?? nameFromArn(TemplateArn ?? '') };
};

export const templateContentOf = (ses: SesRegion, source: TemplateSource): EmailTemplate['content'] => {
  if (source.kind === 'inline') return source.content;
  const template = ses.templates.get(source.name);
  if (template === undefined) throw notFound(`Template ${source.name} does not exist`);
  return template.content;
};

/** Parses TemplateData. Throws AwsError when it is not a JSON object. */
export const parseTemplateData = (text: string | undefined): Record<string, unknown> => {
  if (text === undefined || text.trim() === '') return {};
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw badRequest('Template rendering data is invalid');
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw badRequest('Template rendering data is invalid');
  return data as Record<string, unknown>;
};

/** Renders all parts. A missing variable is not an error of the call: it becomes a Rendering Failure event. */
export const renderContent = (
  content: EmailTemplate['content'],
  data: unknown,
): TemplateContent | RenderingFailure => {
  try {
    return {
      subject: renderTemplate(content.Subject ?? '', data, false),
      text: content.Text === undefined ? null : renderTemplate(content.Text, data, false),
      html: content.Html === undefined ? null : renderTemplate(content.Html, data, true),
    };
  } catch (error) {
    if (error instanceof RenderingFailure) return error;
    throw error;
  }
};

/** The anti-virus test string makes SES accept and then reject a message. */
export const isInfected = (body: Buffer): boolean =>
  body.includes('EICAR') && body.toString('latin1').replaceAll('\\\\', '\\').includes(EICAR);
