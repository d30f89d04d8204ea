import { z } from 'zod';
import { keyRoles, roles } from '#libs/accounts';
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
      /** False for who signs in by the OpenID Connect provider only. */
      has_password: z.boolean(),
    }),
    /** Whether they may make another organization. */
    may_create_organization: z.boolean(),
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
export const createOrganizationSchema = z.strictObject({ name }).meta({ id: 'CreateOrganizationRequest' });
export const deleteOrganizationSchema = z.strictObject({
  /** The name of the organization, so that none is deleted by mistake. */
  confirm: z.string().max(200).optional(),
});
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

export const sessionListSchema = z
  .object({
    object: z.literal('list'),
    has_more: z.boolean(),
    data: z.array(
      z.object({
        object: z.literal('session'),
        id: z.uuid(),
        /** The session that asks. */
        current: z.boolean(),
        ip_address: z.string().nullable(),
        user_agent: z.string().nullable(),
        created_at: z.string(),
        /** Good to a day. */
        last_used_at: z.string(),
        expires_at: z.string(),
      }),
    ),
  })
  .meta({ id: 'SessionList' });
export const endedSessionsSchema = z
  .object({ object: z.literal('ended_sessions'), ended: z.int() })
  .meta({ id: 'EndedSessions' });

export const signInSchema = z
  .object({
    object: z.literal('sign_in'),
    /** Who may make an account with a password: anybody, who holds an invitation, nobody. */
    sign_up: z.enum(['open', 'invited', 'closed']),
    /** The OpenID Connect provider of this installation. */
    oidc: z.object({ name: z.string() }).nullable(),
  })
  .meta({ id: 'SignIn' });

const organizationKey = {
  object: z.literal('api_key'),
  id: z.uuid(),
  name: z.string(),
  role: z.enum(keyRoles),
  /** What it may at this moment: never more than who made it. */
  effective_role: role.nullable(),
  /** Null: the operator. */
  created_by: z.object({ user_id: z.uuid(), name: z.string().nullable() }).nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
};
export const createOrganizationKeySchema = z
  .strictObject({
    name: name.max(50, 'must be at most 50 characters'),
    role: z.enum(keyRoles).default('admin'),
  })
  .meta({ id: 'CreateOrganizationKeyRequest' });
export const createdOrganizationKeySchema = z
  .object({ ...organizationKey, token: z.string() })
  .meta({ id: 'CreatedOrganizationKey' });
export const organizationKeyListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(organizationKey)) })
  .meta({ id: 'OrganizationKeyList' });
