import { Inject, Injectable } from '@nestjs/common';
import { PublishedTemplates } from '#libs/templates';
import { fault } from './fault.js';
import type { SendEmailRequest } from './send-request.js';

/**
 * Characters that the templates of one request may become: a batch of 100 short items must not turn into hundreds of
 * megabytes. The same as the largest email.
 */
const MAX_RENDERED = 40 * 1024 * 1024;

/** What is left of MAX_RENDERED for the rest of a request. */
export interface RenderBudget {
  characters: number;
}

export function newRenderBudget(): RenderBudget {
  return { characters: MAX_RENDERED };
}

/** Puts what a template says in the place of `template`; the request's own fields win over the template's. */
@Injectable()
export class ApplyTemplate {
  constructor(@Inject(PublishedTemplates) private readonly templates: PublishedTemplates) {}

  /** @throws AppError that names the field; `template.not_found` */
  async execute(
    projectId: string,
    request: SendEmailRequest,
    budget: RenderBudget,
  ): Promise<SendEmailRequest> {
    if (request.template == null) return request;
    const { template, ...own } = request;
    for (const field of ['html', 'text'] as const) {
      if (own[field] != null)
        throw fault('invalid', field, `The \`${field}\` field cannot be used together with \`template\`.`);
    }
    const rendered = await this.templates.render(projectId, template.id, template.variables ?? {});
    budget.characters -= rendered.html.length + (rendered.text?.length ?? 0);
    if (budget.characters < 0)
      throw fault(
        'too_large',
        'template',
        'The templates of this request become more than 40 MB of content.',
      );
    return {
      ...own,
      html: rendered.html,
      text: rendered.text,
      from: own.from ?? rendered.from,
      subject: own.subject ?? rendered.subject,
      reply_to: own.reply_to ?? rendered.replyTo,
    };
  }
}
