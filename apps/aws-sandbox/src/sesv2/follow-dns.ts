import { isSameHost, type Zone } from '../dns/zone.js';
import type { Identity, MailFromStatus, SesRegion } from '../state/ses-region.js';
import type { World } from '../state/world.js';

/** SES looks for records for three days, then it gives up. */
const SEARCH_MS = 72 * 3_600_000;
export const DKIM_ZONE = 'dkim.amazonses.com';

/** What SES finds in DNS about an identity now. Real SES looks every few minutes, the sandbox at once. */
export const followDns = (zone: Zone, ses: SesRegion, identity: Identity, now: number): void => {
  if (!identity.followsDns) return;
  if (hasDkimRecords(zone, identity)) identity.isVerified = true;
  if (identity.mailFrom !== null) identity.mailFrom.status = mailFromStatus(zone, ses, identity, now);
};

export const followDnsEverywhere = (world: World): void => {
  for (const account of world.accounts.values())
    for (const ses of account.ses.values())
      for (const identity of ses.identities.values()) followDns(world.zone, ses, identity, world.clock.now());
};

/** For DKIM and the identity itself: Easy DKIM proves the domain. */
export const verificationStatus = (identity: Identity, now: number): 'SUCCESS' | 'PENDING' | 'FAILED' => {
  if (identity.isVerified) return 'SUCCESS';
  return identity.followsDns && now - identity.searchingSince > SEARCH_MS ? 'FAILED' : 'PENDING';
};

const hasDkimRecords = (zone: Zone, { name, type, dkim }: Identity): boolean =>
  type === 'DOMAIN' &&
  dkim.origin === 'AWS_SES' &&
  dkim.tokens.every((token) =>
    (zone.find(`${token}._domainkey.${name}`, 'CNAME') ?? []).some((target) =>
      isSameHost(target, `${token}.${DKIM_ZONE}`),
    ),
  );

/** The MX decides; more than one is as bad as none. */
const mailFromStatus = (zone: Zone, ses: SesRegion, identity: Identity, now: number): MailFromStatus => {
  const found = zone.find(identity.mailFrom?.domain ?? '', 'MX') ?? [];
  const [only = ''] = found;
  const host = only.split(' ')[1] ?? '';
  if (found.length === 1 && isSameHost(host, `feedback-smtp.${ses.region}.amazonses.com`)) return 'SUCCESS';
  return now - identity.searchingSince > SEARCH_MS ? 'FAILED' : 'PENDING';
};
