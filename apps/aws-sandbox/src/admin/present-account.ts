import type { Account, NamedPolicies, Role, User } from '../state/account.js';
import type { SesRegion } from '../state/ses-region.js';
import type { World } from '../state/world.js';
import { messagingRegions, presentMessaging } from './present-messaging.js';

const documents = (policies: NamedPolicies): Record<string, unknown> =>
  Object.fromEntries([...policies.byName].map(([name, policy]) => [name, policy.document]));

/**
 * A principal that was deleted shows as its bare unique id in the stored policy: the sign by which a customer sees
 * that a re-created role is not the one they trusted.
 */
const shownTrustPolicy = (world: World, role: Role): unknown => {
  let text = JSON.stringify(role.trustPolicy.document);
  for (const [arn, uniqueId] of Object.entries(role.resolvedPrincipals)) {
    if (world.findUniqueId(arn) !== uniqueId)
      text = text.replaceAll(JSON.stringify(arn), JSON.stringify(uniqueId));
  }
  return JSON.parse(text);
};

export const presentRole = (world: World, role: Role, effectiveAt: number): Record<string, unknown> => ({
  name: role.name,
  arn: role.arn,
  role_id: role.roleId,
  path: role.path,
  max_session_duration: role.maxSessionDuration,
  trust_policy: shownTrustPolicy(world, role),
  policies: documents(role.policies),
  created_at: new Date(role.createdAt).toISOString(),
  effective_at: new Date(effectiveAt).toISOString(),
});

export const presentUser = (user: User): Record<string, unknown> => ({
  name: user.name,
  arn: user.arn,
  user_id: user.userId,
  access_key_ids: user.accessKeys.map((key) => key.accessKeyId),
  policies: documents(user.policies),
});

export const presentSes = (ses: SesRegion, now: number): Record<string, unknown> => ({
  production_access: ses.productionAccess,
  sending_enabled: ses.sendingEnabled,
  enforcement_status: ses.enforcementStatus,
  max_send_rate: ses.maxSendRate,
  max_24_hour_send: ses.max24HourSend,
  sent_last_24_hours: ses.sent.total(now),
  suppressed_reasons: ses.suppressedReasons,
  identities: Object.fromEntries(
    [...ses.identities.values()].map((identity) => [
      identity.name,
      {
        type: identity.type,
        verified: identity.isVerified,
        follows_dns: identity.followsDns,
        configuration_set: identity.configurationSetName,
        mail_from: identity.mailFrom,
      },
    ]),
  ),
  configuration_sets: Object.fromEntries(
    [...ses.configurationSets.values()].map((set) => [
      set.name,
      {
        sending_enabled: set.sendingEnabled,
        suppressed_reasons: set.suppressedReasons,
        event_destinations: [...set.eventDestinations.values()],
      },
    ]),
  ),
  templates: [...ses.templates.keys()],
  suppressed_destinations: [...ses.suppressed.values()].map((entry) => ({
    email_address: entry.emailAddress,
    reason: entry.reason,
  })),
});

const presentRegions = (world: World, account: Account): Record<string, unknown> => {
  const now = world.clock.now();
  return Object.fromEntries(
    [...new Set([...account.ses.keys(), ...messagingRegions(account)])].map((region) => {
      const ses = account.ses.get(region);
      return [
        region,
        {
          ...(ses === undefined ? {} : presentSes(ses, now)),
          ...presentMessaging(account, region, now),
        },
      ];
    }),
  );
};

export const presentAccount = (world: World, account: Account): Record<string, unknown> => {
  const roles: Record<string, unknown> = {};
  for (const [name, slot] of account.roles) {
    const role = slot.latest();
    if (role !== null) roles[name] = presentRole(world, role, slot.effectiveAt());
  }
  return {
    account_id: account.accountId,
    users: Object.fromEntries([...account.users.values()].map((user) => [user.name, presentUser(user)])),
    roles,
    regions: presentRegions(world, account),
  };
};
