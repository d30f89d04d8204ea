import { Inject, Injectable } from '@nestjs/common';
import { AppError, notFound } from '#libs/errors';
import { parseRef } from './alias.js';
import { compileContent } from './content.js';
import { renderContent, type RenderedContent } from './render-content.js';
import { TemplatesRepository } from './templates.repository.js';
import { resolveValues, type VariableValues } from './variables.js';

/** Shows what an email of a template would say; sends nothing. */
@Injectable()
export class PreviewTemplate {
  constructor(@Inject(TemplatesRepository) private readonly templates: TemplatesRepository) {}

  /**
   * @returns besides the content, the variables that an email would still need; their tags stand as they are written
   * @throws AppError `template.not_found`, `template.not_published`, or for a value
   */
  async execute(
    projectId: string,
    named: string,
    request: { variables: VariableValues; version: 'draft' | 'published' },
  ): Promise<RenderedContent & { missing: string[] }> {
    const ref = parseRef(named);
    const template = ref === undefined ? null : await this.templates.find(projectId, ref);
    if (template === null) throw notFound('Template');
    const id = request.version === 'draft' ? template.currentVersionId : template.publishedVersionId;
    if (id === null) {
      throw new AppError({
        code: 'template.not_published',
        kind: 'invalid',
        field: 'version',
        message: 'The template has not been published.',
      });
    }
    const content = compileContent(await this.templates.version(projectId, id));
    const { values, missing } = resolveValues(content.variables, request.variables, 'variables');
    return { ...renderContent(content, values), missing };
  }
}
