import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database, isUniqueViolation, type PrismaClient } from '#libs/database';
import { notFound } from '#libs/errors';
import { aliasTaken, type TemplateRef } from './alias.js';
import type { TemplateContent } from './content.js';
import type { NewTemplate, Template, TemplateChanges, TemplateVersion, TemplateView } from './template.js';
import type { TemplateVariable } from './variables.js';

export interface Page {
  limit: number;
  after: string | undefined;
  before: string | undefined;
}

const select = {
  id: true,
  name: true,
  alias: true,
  currentVersionId: true,
  publishedVersionId: true,
  publishedAt: true,
  createdAt: true,
  updatedAt: true,
} as const;

type Tx = Pick<PrismaClient, 'template' | 'templateVersion' | '$queryRaw'>;

/** Templates of one project. A published version never changes; edits go to a version of their own until it is published. */
@Injectable()
export class TemplatesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @throws AppError when the alias is taken */
  async create(projectId: string, { name, alias, ...content }: NewTemplate, now: Date): Promise<string> {
    const id = newId();
    const versionId = newId();
    await refuseTakenAlias(alias, () =>
      this.database.prisma.template.create({
        data: {
          id,
          projectId,
          name,
          alias,
          currentVersionId: versionId,
          createdAt: now,
          updatedAt: now,
          versions: { create: { id: versionId, createdAt: now, ...toRow(content) } },
        },
      }),
    );
    return id;
  }

  find(projectId: string, ref: TemplateRef): Promise<Template | null> {
    return this.database.prisma.template.findFirst({ where: { projectId, ...ref }, select });
  }

  async version(projectId: string, id: string): Promise<TemplateVersion> {
    return this.versionIn(this.database.prisma, projectId, id);
  }

  /** One more than the limit, so that the caller sees whether there are more; nearest to the cursor first. */
  list(projectId: string, { limit, after, before }: Page): Promise<Template[]> {
    return this.database.prisma.template.findMany({
      where: {
        projectId,
        ...(after !== undefined && { id: { lt: after } }),
        ...(before !== undefined && { id: { gt: before } }),
      },
      orderBy: { id: before === undefined ? 'desc' : 'asc' },
      take: limit + 1,
      select,
    });
  }

  /**
   * Reads, changes and writes under a lock on the template's row.
   *
   * @param decide gets the template as it is; what it throws leaves everything as it was
   * @throws AppError when there is no such template, or the alias is taken
   */
  async update(
    projectId: string,
    id: string,
    now: Date,
    decide: (current: TemplateView) => { template: TemplateChanges; content: TemplateContent | undefined },
  ): Promise<void> {
    let alias: string | null = null;
    await refuseTakenAlias(
      () => alias,
      () =>
        this.database.prisma.$transaction(async (tx) => {
          await tx.$queryRaw`SELECT 1 FROM templates WHERE id = ${id}::uuid AND project_id = ${projectId}::uuid FOR UPDATE`;
          const template = await tx.template.findFirst({ where: { projectId, id }, select });
          if (template === null) throw notFound('Template');
          const version = await this.versionIn(tx, projectId, template.currentVersionId);
          const decided = decide({ template, version });
          alias = decided.template.alias ?? null;
          const currentVersionId =
            decided.content === undefined
              ? template.currentVersionId
              : await writeDraft(tx, template, decided.content, now);
          await tx.template.update({
            where: { id },
            data: {
              ...(decided.template.name !== undefined && { name: decided.template.name }),
              ...(decided.template.alias !== undefined && { alias: decided.template.alias }),
              currentVersionId,
              updatedAt: now,
            },
          });
        }),
    );
  }

  /** @returns whether there was such a template */
  async publish(projectId: string, id: string, now: Date): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE templates SET published_version_id = current_version_id, published_at = $3, updated_at = $3
       WHERE id = $2 AND project_id = $1`,
      [projectId, id, now],
    );
    return rowCount > 0;
  }

  /** With all its versions. @returns whether there was such a template */
  async remove(projectId: string, id: string): Promise<boolean> {
    const { count } = await this.database.prisma.template.deleteMany({ where: { projectId, id } });
    return count > 0;
  }

  private async versionIn(tx: Tx, projectId: string, id: string): Promise<TemplateVersion> {
    const row = await tx.templateVersion.findFirst({ where: { id, template: { projectId } } });
    // Deleted between two reads.
    if (row === null) throw notFound('Template');
    return {
      id: row.id,
      createdAt: row.createdAt,
      from: row.sender,
      subject: row.subject,
      replyTo: row.replyTo,
      html: row.html,
      text: row.text,
      variables: row.variables as unknown as TemplateVariable[],
    };
  }
}

/** @returns the version that holds the edit now */
async function writeDraft(tx: Tx, template: Template, content: TemplateContent, now: Date): Promise<string> {
  if (template.currentVersionId !== template.publishedVersionId) {
    await tx.templateVersion.update({ where: { id: template.currentVersionId }, data: toRow(content) });
    return template.currentVersionId;
  }
  const id = newId();
  await tx.templateVersion.create({
    data: { id, templateId: template.id, createdAt: now, ...toRow(content) },
  });
  return id;
}

function toRow({ from, subject, replyTo, html, text, variables }: TemplateContent) {
  return { sender: from, subject, replyTo, html, text, variables: variables.map((each) => ({ ...each })) };
}

async function refuseTakenAlias<T>(
  alias: string | null | (() => string | null),
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const taken = typeof alias === 'function' ? alias() : alias;
    throw isUniqueViolation(error) && taken !== null ? aliasTaken(taken) : error;
  }
}
