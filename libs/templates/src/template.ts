import type { TemplateContent } from './content.js';

/** A template of a project, apart from what it says. */
export interface Template {
  id: string;
  name: string;
  alias: string | null;
  /** The version that edits go to; the same as the published one until the first edit after publishing. */
  currentVersionId: string;
  publishedVersionId: string | null;
  publishedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface TemplateVersion extends TemplateContent {
  id: string;
  createdAt: Date;
}

/** A template with one of its versions. */
export interface TemplateView {
  template: Template;
  version: TemplateVersion;
}

export interface NewTemplate extends TemplateContent {
  name: string;
  alias: string | null;
}

/** Only what is there is changed; null empties. */
export type TemplateChanges = Partial<NewTemplate>;
