import type { EmailTemplate, SesRegion } from '../../state/ses-region.js';
import { sesArn } from '../arn.js';
import { alreadyExists, badRequest, limitExceeded, notFound } from '../errors.js';
import { operation, PAGING_QUERY, type SesCall } from '../operation.js';
import { parseTemplateData, renderContent } from '../send/content.js';
import { RenderingFailure } from '../send/render-template.js';
import { templateContent } from '../send/send-input.js';
import { optional, required, structure, text } from '../shape.js';
import { epochSeconds, pagingMembers, tagList } from './common.js';
import { paginate } from './paginate.js';

const MAX_TEMPLATES = 20_000;
const MAX_TEMPLATE_BYTES = 500 * 1024;

const requireTemplate = (ses: SesRegion, name: string): EmailTemplate => {
  const template = ses.templates.get(name);
  if (template === undefined) throw notFound(`Template ${name} does not exist`);
  return template;
};

const checkContent = (content: EmailTemplate['content']): void => {
  const parts = [content.Subject, content.Text, content.Html].filter(
    (part) => part !== undefined && part !== '',
  );
  if (parts.length === 0)
    throw badRequest('The template must have at least a subject, a text or an HTML part.');
  if (Buffer.byteLength(parts.join('')) > MAX_TEMPLATE_BYTES)
    throw badRequest('Template size exceeds 500 KB.');
};

const templateResource = ({ ses }: SesCall, input: { readonly TemplateName: string }): string =>
  sesArn(ses, 'template', input.TemplateName);
const name = { TemplateName: required(text({ min: 1 })) };

const createEmailTemplate = operation({
  name: 'CreateEmailTemplate',
  routes: ['POST /v2/email/templates'],
  input: structure({ ...name, TemplateContent: required(templateContent), Tags: optional(tagList) }),
  resource: templateResource,
  run: ({ ses, now }, input) => {
    checkContent(input.TemplateContent);
    if (ses.templates.has(input.TemplateName))
      throw alreadyExists(`Template ${input.TemplateName} already exists.`);
    if (ses.templates.size >= MAX_TEMPLATES) throw limitExceeded('Too many templates.');
    ses.templates.set(input.TemplateName, {
      name: input.TemplateName,
      createdAt: now,
      content: input.TemplateContent,
    });
    if (input.Tags !== undefined) ses.tags.set(sesArn(ses, 'template', input.TemplateName), input.Tags);
  },
});

const getEmailTemplate = operation({
  name: 'GetEmailTemplate',
  routes: ['GET /v2/email/templates/{TemplateName}'],
  input: structure(name),
  resource: templateResource,
  run: ({ ses }, input) => {
    const template = requireTemplate(ses, input.TemplateName);
    return {
      TemplateName: template.name,
      TemplateContent: template.content,
      Tags: ses.tags.get(sesArn(ses, 'template', template.name)) ?? [],
    };
  },
});

const updateEmailTemplate = operation({
  name: 'UpdateEmailTemplate',
  routes: ['PUT /v2/email/templates/{TemplateName}'],
  input: structure({ ...name, TemplateContent: required(templateContent) }),
  resource: templateResource,
  run: ({ ses }, input) => {
    checkContent(input.TemplateContent);
    requireTemplate(ses, input.TemplateName).content = input.TemplateContent;
  },
});

const deleteEmailTemplate = operation({
  name: 'DeleteEmailTemplate',
  routes: ['DELETE /v2/email/templates/{TemplateName}'],
  input: structure(name),
  resource: templateResource,
  run: ({ ses }, input) => {
    requireTemplate(ses, input.TemplateName);
    ses.templates.delete(input.TemplateName);
    ses.tags.delete(sesArn(ses, 'template', input.TemplateName));
  },
});

const listEmailTemplates = operation({
  name: 'ListEmailTemplates',
  routes: ['GET /v2/email/templates'],
  query: PAGING_QUERY,
  input: structure(pagingMembers),
  run: ({ ses }, input) => {
    const page = paginate(
      [...ses.templates.values()],
      (template) => template.name,
      `templates ${ses.region}`,
      input,
      10,
      100,
    );
    return {
      TemplatesMetadata: page.items.map((template) => ({
        TemplateName: template.name,
        CreatedTimestamp: epochSeconds(template.createdAt),
      })),
      NextToken: page.NextToken,
    };
  },
});

const testRenderEmailTemplate = operation({
  name: 'TestRenderEmailTemplate',
  routes: ['POST /v2/email/templates/{TemplateName}/render'],
  input: structure({ ...name, TemplateData: required(text({ max: 262_144 })) }),
  resource: templateResource,
  run: ({ ses, now }, input) => {
    const rendered = renderContent(
      requireTemplate(ses, input.TemplateName).content,
      parseTemplateData(input.TemplateData),
    );
    // Unlike a send, a test says so at once.
    if (rendered instanceof RenderingFailure) throw badRequest(rendered.message);
    const boundary = '----=_Part_sandbox';
    const part = (type: string, body: string | null): string =>
      body === null
        ? ''
        : `--${boundary}\r\nContent-Type: ${type}; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}\r\n`;
    const head = `Date: ${new Date(now).toUTCString()}\r\nSubject: ${rendered.subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n`;
    return {
      RenderedTemplate: `${head}${part('text/plain', rendered.text)}${part('text/html', rendered.html)}--${boundary}--\r\n`,
    };
  },
});

export const TEMPLATE_OPERATIONS = [
  createEmailTemplate,
  getEmailTemplate,
  updateEmailTemplate,
  deleteEmailTemplate,
  listEmailTemplates,
  testRenderEmailTemplate,
];
