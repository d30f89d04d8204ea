import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#libs/errors';
import type { Template } from './template.js';
import { TemplatesRepository, type Page } from './templates.repository.js';

/** The templates of a project, newest first. */
@Injectable()
export class ListTemplates {
  constructor(@Inject(TemplatesRepository) private readonly templates: TemplatesRepository) {}

  /** `after` walks to older ones, `before` to newer. @throws AppError for an unknown cursor */
  async execute(projectId: string, page: Page): Promise<{ templates: Template[]; hasMore: boolean }> {
    const cursor = page.after ?? page.before;
    if (cursor !== undefined && (await this.templates.find(projectId, { id: cursor })) === null) {
      const field = page.after === undefined ? 'before' : 'after';
      throw new AppError({
        code: 'templates.unknown_cursor',
        kind: 'invalid',
        field,
        message: `The \`${field}\` cursor is not a template of this project.`,
      });
    }
    const rows = await this.templates.list(projectId, page);
    const templates = rows.slice(0, page.limit);
    if (page.before !== undefined) templates.reverse();
    return { templates, hasMore: rows.length > page.limit };
  }
}
