export { ListTemplates } from './list-templates.js';
export { PreviewTemplate } from './preview-template.js';
export { PublishedTemplates } from './published-templates.js';
export type { RenderedContent } from './render-content.js';
export type { NewTemplate, Template, TemplateChanges, TemplateView } from './template.js';
export { Templates } from './templates.js';
export { TemplatesModule } from './templates.module.js';
export type { TemplateVariable, VariableValues } from './variables.js';
