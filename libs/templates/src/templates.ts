import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { notFound } from '#libs/errors';
import { checkAlias, parseRef } from './alias.js';
import { compileContent, type TemplateContent } from './content.js';
import { PublishedTemplates } from './published-templates.js';
import type { NewTemplate, Template, TemplateChanges, TemplateView } from './template.js';
import { TemplatesRepository } from './templates.repository.js';

/** A copy's name must fit where the original's did. */
const MAX_NAME = 100;

/** Makes, edits and publishes the templates of a project. `named` is an id or an alias. */
@Injectable()
export class Templates {
  constructor(
    @Inject(TemplatesRepository) private readonly templates: TemplatesRepository,
    @Inject(PublishedTemplates) private readonly published: PublishedTemplates,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** As a draft. @returns its id @throws AppError that names the field */
  async create(projectId: string, template: NewTemplate): Promise<string> {
    checkAlias(template.alias);
    compileContent(template);
    return this.templates.create(projectId, template, this.clock.now());
  }

  /** The version that edits go to. @throws AppError `template.not_found` */
  async get(projectId: string, named: string): Promise<TemplateView> {
    const template = await this.find(projectId, named);
    return { template, version: await this.templates.version(projectId, template.currentVersionId) };
  }

  /** What is published stays as it is until the next publish; name and alias change at once. @returns its id */
  async update(projectId: string, named: string, changes: TemplateChanges): Promise<string> {
    const { id } = await this.find(projectId, named);
    if (changes.alias !== undefined) checkAlias(changes.alias);
    const { name: _name, alias, ...ofContent } = changes;
    await this.templates.update(projectId, id, this.clock.now(), ({ version }) => {
      const content: TemplateContent = { ...version, ...ofContent };
      if (Object.keys(ofContent).length === 0) return { template: changes, content: undefined };
      compileContent(content);
      return { template: changes, content };
    });
    if (alias !== undefined) await this.published.forget(projectId);
    return id;
  }

  /** From now on emails are made from what the template says now. @returns its id */
  async publish(projectId: string, named: string): Promise<string> {
    const { id } = await this.find(projectId, named);
    if (!(await this.templates.publish(projectId, id, this.clock.now()))) throw notFound('Template');
    await this.published.forget(projectId);
    return id;
  }

  /** What it says now, as a new draft without an alias. @returns the new one's id */
  async duplicate(projectId: string, named: string): Promise<string> {
    const { template, version } = await this.get(projectId, named);
    const name = `${template.name.slice(0, MAX_NAME - 7)} (copy)`;
    return this.templates.create(projectId, { ...version, name, alias: null }, this.clock.now());
  }

  /** @returns its id */
  async remove(projectId: string, named: string): Promise<string> {
    const { id } = await this.find(projectId, named);
    if (!(await this.templates.remove(projectId, id))) throw notFound('Template');
    await this.published.forget(projectId);
    return id;
  }

  private async find(projectId: string, named: string): Promise<Template> {
    const ref = parseRef(named);
    const template = ref === undefined ? null : await this.templates.find(projectId, ref);
    if (template === null) throw notFound('Template');
    return template;
  }
}
