import type { OrganizationRecord } from '#libs/accounts';

export function presentOrganization(organization: OrganizationRecord) {
  return {
    object: 'organization',
    id: organization.id,
    name: organization.name,
    created_at: organization.createdAt.toISOString(),
  };
}
