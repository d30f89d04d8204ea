import type { DnsRecord } from '../dns/zone.js';
import { parsePolicy, type Policy } from '../iam/policy-document.js';
import type { Settings } from '../settings.js';
import { namedPolicies, newAccount, type Account, type Role, type User } from './account.js';
import type { StoredMessage } from './message.js';
import { restoreMessaging, saveMessaging, type SavedMessaging } from './messaging-snapshot.js';
import { RateBucket } from './rate-bucket.js';
import { RollingWindow } from './rolling-window.js';
import type {
  ConfigurationSet,
  EmailTemplate,
  EventDestination,
  Identity,
  SesRegion,
  SuppressedDestination,
} from './ses-region.js';
import type { Session } from './session.js';
import { Versioned } from './versioned.js';
import type { World } from './world.js';

const FORMAT = 1;
const KEPT_MESSAGES = 1000;

// Policies are kept as documents and compiled again: a compiled one is made of functions.
type Documents = Record<string, unknown>;
type SavedRole = Omit<Role, 'trustPolicy' | 'policies'> & {
  readonly trustPolicy: unknown;
  readonly policies: Documents;
};
type SavedUser = Omit<User, 'policies'> & { readonly policies: Documents };
type SavedSession = Omit<Session, 'sessionPolicies'> & {
  readonly sessionPolicies: readonly unknown[] | null;
};
type SavedSet = Omit<ConfigurationSet, 'eventDestinations'> & {
  readonly eventDestinations: EventDestination[];
};
type SavedMessage = Omit<StoredMessage, 'content'> & { readonly content: string | null };

interface SavedSes extends Omit<
  SesRegion,
  | 'identities'
  | 'configurationSets'
  | 'templates'
  | 'suppressed'
  | 'tags'
  | 'rate'
  | 'sent'
  | 'lastControlCall'
> {
  readonly identities: Identity[];
  readonly configurationSets: SavedSet[];
  readonly templates: EmailTemplate[];
  readonly suppressed: SuppressedDestination[];
  readonly tags: [string, readonly { readonly Key: string; readonly Value: string }[]][];
  readonly sent: ReturnType<RollingWindow['toJSON']>;
}

interface SavedAccount {
  readonly accountId: string;
  readonly users: SavedUser[];
  readonly roles: {
    readonly name: string;
    readonly versions: { readonly effectiveAt: number; readonly value: SavedRole | null }[];
  }[];
  readonly ses: SavedSes[];
  /** Absent in files of older sandboxes. */
  readonly messaging?: SavedMessaging;
}

export interface Snapshot {
  readonly format: number;
  readonly clockOffsetSeconds: number;
  readonly settings: Settings;
  readonly accounts: SavedAccount[];
  readonly sessions: SavedSession[];
  /** Absent in older files. */
  readonly dns?: readonly DnsRecord[];
  readonly messages: { readonly total: number; readonly newest: SavedMessage[] };
}

const documents = (policies: ReadonlyMap<string, Policy>): Documents =>
  Object.fromEntries([...policies].map(([name, policy]) => [name, policy.document]));

const saveRole = (role: Role): SavedRole => ({
  ...role,
  trustPolicy: role.trustPolicy.document,
  policies: documents(role.policies.byName),
});

const saveSes = ({ rate: _rate, lastControlCall: _calls, ...ses }: SesRegion): SavedSes => ({
  ...ses,
  identities: [...ses.identities.values()],
  configurationSets: [...ses.configurationSets.values()].map((set) => ({
    ...set,
    eventDestinations: [...set.eventDestinations.values()],
  })),
  templates: [...ses.templates.values()],
  suppressed: [...ses.suppressed.values()],
  tags: [...ses.tags],
  sent: ses.sent.toJSON(),
});

const saveAccount = (account: Account): SavedAccount => ({
  accountId: account.accountId,
  users: [...account.users.values()].map((user) => ({ ...user, policies: documents(user.policies.byName) })),
  roles: [...account.roles].map(([name, slot]) => ({
    name,
    versions: slot
      .all()
      .map(({ effectiveAt, value }) => ({ effectiveAt, value: value === null ? null : saveRole(value) })),
  })),
  ses: [...account.ses.values()].map(saveSes),
  messaging: saveMessaging(account),
});

const newestMessages = (world: World): SavedMessage[] => {
  const newest: SavedMessage[] = [];
  for (const message of world.messages.newestFirst()) {
    if (newest.length === KEPT_MESSAGES) break;
    newest.push({ ...message, content: message.content?.toString('base64') ?? null });
  }
  return newest;
};

/** Everything worth keeping, as plain JSON. The journal and the faults belong to one run. */
export const takeSnapshot = (world: World): Snapshot => ({
  format: FORMAT,
  clockOffsetSeconds: world.clock.offsetSeconds,
  settings: world.settings,
  accounts: [...world.accounts.values()].map(saveAccount),
  sessions: [...world.sessions.values()].map((session) => ({
    ...session,
    sessionPolicies: session.sessionPolicies?.map((policy) => policy.document) ?? null,
  })),
  dns: world.zone.list(),
  messages: { total: world.messages.total, newest: newestMessages(world) },
});

const restorePolicies = (saved: Documents): ReturnType<typeof namedPolicies> =>
  namedPolicies(
    Object.entries(saved).map(([name, document]) => [name, parsePolicy(document, 'identity')] as const),
  );

const restoreRole = (saved: SavedRole): Role => ({
  ...saved,
  // The ids found when the policy was saved still hold; looking them up again would heal what AWS leaves broken.
  trustPolicy: parsePolicy(saved.trustPolicy, 'trust', (arn) => saved.resolvedPrincipals[arn] ?? null),
  policies: restorePolicies(saved.policies),
});

const byKey = <T>(items: readonly T[], key: (item: T) => string): Map<string, T> =>
  new Map(items.map((item) => [key(item), item]));

const restoreSes = (saved: SavedSes): SesRegion => ({
  ...saved,
  identities: byKey(saved.identities, (identity) => identity.name),
  configurationSets: byKey(
    saved.configurationSets.map((set) => ({
      ...set,
      eventDestinations: byKey(set.eventDestinations, (destination) => destination.Name),
    })),
    (set) => set.name,
  ),
  templates: byKey(saved.templates, (template) => template.name),
  suppressed: byKey(saved.suppressed, (entry) => entry.emailAddress),
  tags: new Map(saved.tags),
  rate: new RateBucket(),
  sent: RollingWindow.from(saved.sent),
  lastControlCall: new Map(),
});

const restoreAccount = (world: World, saved: SavedAccount): void => {
  const account = newAccount(saved.accountId);
  world.accounts.set(saved.accountId, account);
  for (const user of saved.users)
    world.putUser(account, { ...user, policies: restorePolicies(user.policies) });
  for (const { name, versions } of saved.roles) {
    account.roles.set(
      name,
      new Versioned(
        versions.map(({ effectiveAt, value }) => ({
          effectiveAt,
          value: value === null ? null : restoreRole(value),
        })),
      ),
    );
  }
  for (const ses of saved.ses) account.ses.set(ses.region, restoreSes(ses));
};

const restoreSession = (saved: SavedSession): Session => ({
  ...saved,
  sessionPolicies: saved.sessionPolicies?.map((document) => parsePolicy(document, 'session')) ?? null,
});

/** Fills a fresh world from a snapshot. The platform user's key pair is the one given now, not the one saved. */
export const restoreSnapshot = (world: World, snapshot: Snapshot): void => {
  if (snapshot.format !== FORMAT) throw new Error(`unknown format ${String(snapshot.format)}`);
  const platform = world.account(world.platform.accountId);
  const [platformUser] = platform.users.values();
  for (const account of snapshot.accounts) restoreAccount(world, account);
  for (const { accountId, messaging } of snapshot.accounts)
    if (messaging !== undefined) restoreMessaging(world, accountId, messaging);
  if (platformUser !== undefined) {
    const account = world.account(world.platform.accountId);
    const saved = account.users.get(platformUser.name);
    world.putUser(account, { ...(saved ?? platformUser), accessKeys: platformUser.accessKeys });
  }
  world.settings = { ...world.settings, ...snapshot.settings };
  world.zone.restore(snapshot.dns ?? []);
  world.clock.offsetSeconds = snapshot.clockOffsetSeconds;
  for (const session of snapshot.sessions) world.sessions.set(session.accessKeyId, restoreSession(session));
  const messages = snapshot.messages.newest.map((saved) => ({
    ...saved,
    content: saved.content === null ? null : Buffer.from(saved.content, 'base64'),
  }));
  world.messages.restore(messages.reverse(), snapshot.messages.total);
};
