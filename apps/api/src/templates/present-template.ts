import type { Template, TemplateView } from '#libs/templates';

export function presentListItem(template: Template) {
  return {
    id: template.id,
    name: template.name,
    alias: template.alias,
    status: template.publishedVersionId === null ? 'draft' : 'published',
    published_at: template.publishedAt?.toISOString() ?? null,
    created_at: template.createdAt.toISOString(),
    updated_at: template.updatedAt.toISOString(),
  };
}

export function presentTemplate({ template, version }: TemplateView) {
  return {
    object: 'template',
    ...presentListItem(template),
    current_version_id: template.currentVersionId,
    has_unpublished_versions: template.currentVersionId !== template.publishedVersionId,
    from: version.from,
    subject: version.subject,
    reply_to: orNull(version.replyTo),
    html: version.html,
    text: version.text,
    // Variables belong to the version they stand in.
    variables: version.variables.map(({ key, type, fallbackValue }) => ({
      key,
      type,
      fallback_value: fallbackValue,
      created_at: version.createdAt.toISOString(),
      updated_at: version.createdAt.toISOString(),
    })),
  };
}

export function orNull(list: string[]): string[] | null {
  return list.length === 0 ? null : list;
}
