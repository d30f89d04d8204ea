import { z } from 'zod';
import type { NewTemplate, TemplateChanges } from '#libs/templates';
import { name } from '../projects/project.schemas.js';

const id = z.uuid();
const time = z.string();
const addresses = z.union([z.string(), z.array(z.string())]);
const value = z.union([z.string(), z.number()], 'must be a string or a number');

const variables = z.array(
  z.object({
    key: z.string(),
    type: z.enum(['string', 'number'], 'must be string or number'),
    fallback_value: value.nullish(),
  }),
);

const content = {
  alias: z.string().nullish(),
  from: z.string().nullish(),
  subject: z.string().nullish(),
  reply_to: addresses.nullish(),
  text: z.string().nullish(),
  variables: variables.nullish(),
};

export const createTemplateSchema = z
  .object({ name, html: z.string(), ...content })
  .meta({ id: 'CreateTemplateRequest' });
export type CreateTemplateRequest = z.infer<typeof createTemplateSchema>;

/** Only what is there is changed; null empties `alias`, `from`, `subject`, `reply_to` and `text`. */
export const updateTemplateSchema = z
  .object({ name: name.nullish(), html: z.string().nullish(), ...content })
  .meta({ id: 'UpdateTemplateRequest' });
export type UpdateTemplateRequest = z.infer<typeof updateTemplateSchema>;

export const previewTemplateSchema = z
  .object({
    variables: z.record(z.string(), value.nullish()).nullish(),
    version: z.enum(['draft', 'published'], 'must be draft or published').nullish(),
  })
  .meta({ id: 'PreviewTemplateRequest' });
export type PreviewTemplateRequest = z.infer<typeof previewTemplateSchema>;

export const changedTemplateSchema = z
  .object({ object: z.literal('template'), id })
  .meta({ id: 'TemplateChanged' });

const listItem = {
  id,
  name: z.string(),
  alias: z.string().nullable(),
  status: z.enum(['draft', 'published']),
  published_at: time.nullable(),
  created_at: time,
  updated_at: time,
};

export const templateListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(listItem)) })
  .meta({ id: 'TemplateList' });

export const templateSchema = z
  .object({
    object: z.literal('template'),
    ...listItem,
    current_version_id: id,
    has_unpublished_versions: z.boolean(),
    from: z.string().nullable(),
    subject: z.string().nullable(),
    reply_to: z.array(z.string()).nullable(),
    html: z.string(),
    text: z.string().nullable(),
    variables: z.array(
      z.object({
        key: z.string(),
        type: z.enum(['string', 'number']),
        fallback_value: z.union([z.string(), z.number()]).nullable(),
        created_at: time,
        updated_at: time,
      }),
    ),
  })
  .meta({ id: 'Template' });

export const previewSchema = z
  .object({
    object: z.literal('template_preview'),
    from: z.string().nullable(),
    subject: z.string().nullable(),
    reply_to: z.array(z.string()).nullable(),
    html: z.string(),
    text: z.string().nullable(),
    missing: z.array(z.string()),
  })
  .meta({ id: 'TemplatePreview' });

export function toNewTemplate(body: CreateTemplateRequest): NewTemplate {
  return {
    name: body.name,
    alias: body.alias ?? null,
    html: body.html,
    text: body.text ?? null,
    from: body.from ?? null,
    subject: body.subject ?? null,
    replyTo: toList(body.reply_to),
    variables: toVariables(body.variables ?? []),
  };
}

export function toChanges(body: UpdateTemplateRequest): TemplateChanges {
  const { name, html, alias, from, subject, text, reply_to: replyTo, variables } = body;
  return {
    ...(name != null && { name }),
    ...(html != null && { html }),
    ...(variables != null && { variables: toVariables(variables) }),
    ...(alias !== undefined && { alias }),
    ...(from !== undefined && { from }),
    ...(subject !== undefined && { subject }),
    ...(text !== undefined && { text }),
    ...(replyTo !== undefined && { replyTo: toList(replyTo) }),
  };
}

function toVariables(list: z.infer<typeof variables>): NewTemplate['variables'] {
  return list.map((each) => ({
    key: each.key,
    type: each.type,
    fallbackValue: each.fallback_value ?? null,
  }));
}

function toList(value: string | string[] | null | undefined): string[] {
  if (value == null) return [];
  return Array.isArray(value) ? value : [value];
}
