import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Broadcast } from '#libs/database';
import { AppError, notFound } from '#libs/errors';
import { parseRef, type TemplateRef } from './alias.js';
import { compileContent, MAX_BODY_BYTES, type CompiledContent } from './content.js';
import { PublishedTemplatesRepository } from './published-templates.repository.js';
import { renderContent, type RenderedContent } from './render-content.js';
import { resolveValues, type VariableValues } from './variables.js';

/** How long an accept may go by what it read before; a change is broadcast besides. */
const CACHE_MS = 1_000;
const CACHE_BYTES = 64 * 1024 * 1024;
const TEMPLATE_CHANGED = 'template.changed';

type Found = { id: string; content: CompiledContent | undefined; bytes: number } | undefined;

/** Renders published templates for emails: one query and one scan for all the emails that name one at about the same time. */
@Injectable()
export class PublishedTemplates {
  private readonly cache = new LRUCache<string, Promise<Found>>({
    maxSize: CACHE_BYTES,
    ttl: CACHE_MS,
    noUpdateTTL: true,
  });

  constructor(
    @Inject(PublishedTemplatesRepository) private readonly templates: PublishedTemplatesRepository,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {
    broadcast.on(TEMPLATE_CHANGED, () => this.cache.clear());
    broadcast.onGap(() => this.cache.clear());
  }

  /**
   * @param named id or alias
   * @throws AppError `template.not_found`, `template.not_published`, `template.missing_variable`, or for a value
   */
  async render(projectId: string, named: string, given: VariableValues): Promise<RenderedContent> {
    const ref = parseRef(named);
    const found = ref === undefined ? undefined : await this.find(projectId, ref);
    if (found === undefined) throw notFound('Template');
    if (found.content === undefined) throw notPublished(found.id);
    const { values, missing } = resolveValues(found.content.variables, given, 'template.variables');
    if (missing.length > 0) throw missingVariable(missing);
    return renderContent(found.content, values);
  }

  /** After a change has been committed: no process goes on with what it read before. */
  async forget(projectId: string): Promise<void> {
    this.cache.clear();
    await this.broadcast.send(TEMPLATE_CHANGED, projectId);
  }

  private find(projectId: string, ref: TemplateRef): Promise<Found> {
    const key = `${projectId} ${'id' in ref ? ref.id : ref.alias}`;
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const loading = this.load(projectId, ref);
    // Its size is known only afterwards: until then the largest that there can be.
    this.cache.set(key, loading, { size: 2 * MAX_BODY_BYTES });
    const settle = (bytes: number | undefined) => {
      if (this.cache.peek(key) !== loading) return;
      if (bytes === undefined) this.cache.delete(key);
      else this.cache.set(key, loading, { size: bytes });
    };
    loading.then(
      (found) => settle(found?.bytes ?? 1),
      () => settle(undefined),
    );
    return loading;
  }

  private async load(projectId: string, ref: TemplateRef): Promise<Found> {
    const found = await this.templates.find(projectId, ref);
    if (found?.content === undefined) return found && { id: found.id, content: undefined, bytes: 1 };
    const { html, text } = found.content;
    // Two bytes for a character, and something for what is around them.
    const bytes = 2 * (html.length + (text?.length ?? 0)) + 4_096;
    return { id: found.id, content: compileContent(found.content), bytes };
  }
}

function notPublished(id: string): AppError {
  return new AppError({
    code: 'template.not_published',
    kind: 'invalid',
    field: 'template.id',
    message: 'The template has not been published: only published content is sent.',
    remedy: `POST /templates/${id}/publish`,
  });
}

function missingVariable(keys: readonly string[]): AppError {
  return new AppError({
    code: 'template.missing_variable',
    kind: 'invalid',
    field: `template.variables.${keys[0] ?? ''}`,
    message: `Missing value for template variable ${keys.map((key) => `\`${key}\``).join(', ')}.`,
    remedy: 'Give it in `template.variables`, or give the variable a fallback value.',
  });
}
