import { Module } from '@nestjs/common';
import { ListTemplates } from './list-templates.js';
import { PreviewTemplate } from './preview-template.js';
import { PublishedTemplates } from './published-templates.js';
import { PublishedTemplatesRepository } from './published-templates.repository.js';
import { Templates } from './templates.js';
import { TemplatesRepository } from './templates.repository.js';

@Module({
  providers: [
    ListTemplates,
    PreviewTemplate,
    PublishedTemplates,
    PublishedTemplatesRepository,
    Templates,
    TemplatesRepository,
  ],
  exports: [ListTemplates, PreviewTemplate, PublishedTemplates, Templates],
})
export class TemplatesModule {}
