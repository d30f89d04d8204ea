import { AppError } from '#libs/errors';
import type { CompiledContent } from './content.js';
import { renderParts, MAX_RENDERED } from './engine/render.js';
import type { Part } from './engine/scan.js';

export interface RenderedContent {
  from: string | null;
  subject: string | null;
  replyTo: string[];
  html: string;
  text: string | null;
}

/** @throws AppError too_large */
export function renderContent(
  content: CompiledContent,
  values: ReadonlyMap<string, string>,
): RenderedContent {
  const fill = (parts: readonly Part[], field: string): string => {
    const text = renderParts(parts, values, field === 'html');
    if (text !== undefined) return text;
    throw new AppError({
      code: 'template.rendered_too_large',
      kind: 'too_large',
      field: 'template',
      message: `The template's \`${field}\` with these values is longer than ${MAX_RENDERED} characters.`,
    });
  };
  return {
    from: content.from && fill(content.from, 'from'),
    subject: content.subject && fill(content.subject, 'subject'),
    replyTo: content.replyTo.map((parts) => fill(parts, 'reply_to')),
    html: fill(content.html, 'html'),
    text: content.text && fill(content.text, 'text'),
  };
}
