import { z } from 'zod';
import { roles } from '#libs/accounts';
import { name } from '../projects/project.schemas.js';

const role = z.enum(roles);

export const meSchema = z
  .object({
    object: z.literal('me'),
    user: z.object({
      id: z.uuid(),
      name: z.string(),
      email: z.string(),
      two_factor_enabled: z.boolean(),
    }),
    organizations: z.array(z.object({ id: z.uuid(), name: z.string(), role })),
    /** The organization that `role` and `may` are about. */
    organization_id: z.uuid().nullable(),
    role: role.nullable(),
    may: z.object({
      read: z.boolean(),
      send: z.boolean(),
      manage: z.boolean(),
      administer: z.boolean(),
      own: z.boolean(),
    }),
  })
  .meta({ id: 'Me' });

export const organizationSchema = z
  .object({ object: z.literal('organization'), id: z.uuid(), name: z.string(), created_at: z.string() })
  .meta({ id: 'Organization' });
export const updateOrganizationSchema = z.strictObject({ name }).meta({ id: 'UpdateOrganizationRequest' });

export const memberSchema = z
  .object({
    object: z.literal('member'),
    user_id: z.uuid(),
    name: z.string(),
    email: z.string(),
    role,
    two_factor_enabled: z.boolean(),
    created_at: z.string(),
  })
  .meta({ id: 'Member' });
export const memberListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(memberSchema) })
  .meta({ id: 'MemberList' });
export const updateMemberSchema = z.strictObject({ role }).meta({ id: 'UpdateMemberRequest' });
export const removedMemberSchema = z
  .object({ object: z.literal('member'), user_id: z.uuid(), deleted: z.literal(true) })
  .meta({ id: 'RemovedMember' });

const invitation = {
  object: z.literal('invitation'),
  id: z.uuid(),
  email: z.string(),
  role,
  expires_at: z.string(),
  created_at: z.string(),
};
export const createInvitationSchema = z
  .strictObject({ email: z.email('must be an e-mail address').max(254), role: role.default('developer') })
  .meta({ id: 'CreateInvitationRequest' });
export const createdInvitationSchema = z
  .object({
    ...invitation,
    /** Shown this once, as part of `url`, which is to be passed on to the invited person. */
    token: z.string(),
    url: z.string(),
  })
  .meta({ id: 'CreatedInvitation' });
export const invitationListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(invitation)) })
  .meta({ id: 'InvitationList' });
export const acceptedInvitationSchema = z
  .object({ object: z.literal('membership'), organization_id: z.uuid(), role })
  .meta({ id: 'Membership' });

const organizationKey = {
  object: z.literal('api_key'),
  id: z.uuid(),
  name: z.string(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
};
export const createOrganizationKeySchema = z
  .strictObject({ name: name.max(50, 'must be at most 50 characters') })
  .meta({ id: 'CreateOrganizationKeyRequest' });
export const createdOrganizationKeySchema = z
  .object({ ...organizationKey, token: z.string() })
  .meta({ id: 'CreatedOrganizationKey' });
export const organizationKeyListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(organizationKey)) })
  .meta({ id: 'OrganizationKeyList' });
