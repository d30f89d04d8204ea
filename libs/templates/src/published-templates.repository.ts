import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { TemplateRef } from './alias.js';
import type { TemplateContent } from './content.js';
import type { TemplateVariable } from './variables.js';

interface Row {
  id: string;
  version_id: string | null;
  sender: string | null;
  subject: string | null;
  reply_to: string[] | null;
  html: string | null;
  text: string | null;
  variables: TemplateVariable[] | null;
}

/** What emails are made from. On the way of an accept, hence by hand. */
@Injectable()
export class PublishedTemplatesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Primary key, or the unique index (project_id, alias).
   *
   * @returns undefined when there is no such template; without content when it was never published
   */
  async find(
    projectId: string,
    ref: TemplateRef,
  ): Promise<{ id: string; content: TemplateContent | undefined } | undefined> {
    const [column, value] = 'id' in ref ? ['id', ref.id] : ['alias', ref.alias];
    const { rows } = await this.database.query<Row>(
      `SELECT t.id, v.id AS version_id, v.sender, v.subject, v.reply_to, v.html, v.text, v.variables
       FROM templates t LEFT JOIN template_versions v ON v.id = t.published_version_id
       WHERE t.project_id = $1 AND t.${column} = $2`,
      [projectId, value],
      `accept-template-by-${column}`,
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    if (row.version_id === null) return { id: row.id, content: undefined };
    return {
      id: row.id,
      content: {
        from: row.sender,
        subject: row.subject,
        replyTo: row.reply_to ?? [],
        html: row.html ?? '',
        text: row.text,
        variables: row.variables ?? [],
      },
    };
  }
}
