import { SimulatedClock } from '../clock.js';
import { EndpointClient } from '../http/endpoint-client.js';
import { Zone } from '../dns/zone.js';
import { newUniqueId } from '../ids.js';
import { parsePolicy } from '../iam/policy-document.js';
import { PLATFORM_USER_NAME, PLATFORM_USER_POLICY } from '../platform.js';
import { defaultSettings, type Settings } from '../settings.js';
import { namedPolicies, newAccount, type AccessKey, type Account, type Role, type User } from './account.js';
import { Courier, defaultEventFaults } from './courier.js';
import { newDeliveries } from './delivery.js';
import { newEventBusRegion, type EventBusRegion } from './event-bus.js';
import { Faults } from './faults.js';
import { newJournal } from './journal.js';
import { Messages } from './message.js';
import { newSqsRegion, type Queue, type SqsRegion } from './queue.js';
import { newSesRegion, type SesRegion } from './ses-region.js';
import type { Session } from './session.js';
import { newSnsRegion, type SnsRegion, type Topic } from './topic.js';
import { Versioned } from './versioned.js';

export interface PlatformOptions {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface UserKey {
  readonly account: Account;
  readonly user: User;
  readonly key: AccessKey;
}

// A token that expired long ago is no longer "expired" for AWS but unknown.
const FORGET_SESSION_MS = 36 * 3_600_000;

const getOrMake = <T>(map: Map<string, T>, key: string, make: () => T): T => {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
};

/** All state of the simulated AWS. */
export class World {
  accounts = new Map<string, Account>();
  sessions = new Map<string, Session>();
  settings: Settings = defaultSettings();
  readonly clock: SimulatedClock;
  readonly faults = new Faults();
  readonly journal = newJournal();
  readonly messages = new Messages();
  readonly deliveries = newDeliveries();
  readonly courier: Courier;
  readonly endpoints = new EndpointClient();
  readonly zone = new Zone();
  /** Called after every change worth keeping; the state file hangs here. */
  onChange: () => void = () => {};
  /** Called after every accepted message: too often to save the whole state at the same pace. */
  onMessage: () => void = () => {};
  private userKeys = new Map<string, UserKey>();

  constructor(
    readonly platform: PlatformOptions,
    clock = new SimulatedClock(),
  ) {
    this.clock = clock;
    this.courier = new Courier(clock);
    this.createPlatform();
  }

  /** Back to the first start: the platform account with its user, nothing else. */
  reset(): void {
    this.accounts = new Map();
    this.sessions = new Map();
    this.userKeys = new Map();
    this.settings = defaultSettings();
    this.clock.offsetSeconds = 0;
    this.faults.replace([]);
    this.journal.clear();
    this.messages.clear();
    this.deliveries.clear();
    this.courier.clear();
    this.courier.configure(defaultEventFaults());
    this.zone.clear();
    this.createPlatform();
    this.onChange();
  }

  /** Nothing goes out any more. */
  close(): void {
    this.courier.close();
    this.endpoints.close();
  }

  account(accountId: string): Account {
    let account = this.accounts.get(accountId);
    if (account === undefined) this.accounts.set(accountId, (account = newAccount(accountId)));
    return account;
  }

  ses(accountId: string, region: string): SesRegion {
    const account = this.account(accountId);
    let ses = account.ses.get(region);
    if (ses === undefined) account.ses.set(region, (ses = newSesRegion(accountId, region)));
    return ses;
  }

  sns(accountId: string, region: string): SnsRegion {
    return getOrMake(this.account(accountId).sns, region, () => newSnsRegion(accountId, region));
  }

  sqs(accountId: string, region: string): SqsRegion {
    return getOrMake(this.account(accountId).sqs, region, () => newSqsRegion(accountId, region));
  }

  eventBus(accountId: string, region: string): EventBusRegion {
    return getOrMake(this.account(accountId).eventBuses, region, () => newEventBusRegion(accountId, region));
  }

  findTopic(arn: string): Topic | undefined {
    const [, , service, region = '', accountId = '', name = ''] = arn.split(':');
    const topic = this.accounts.get(accountId)?.sns.get(region)?.topics.get(name);
    return service === 'sns' && topic?.arn === arn ? topic : undefined;
  }

  findQueue(arn: string): Queue | undefined {
    const [, , service, region = '', accountId = '', name = ''] = arn.split(':');
    const queue = this.accounts.get(accountId)?.sqs.get(region)?.queues.get(name);
    return service === 'sqs' && queue?.arn === arn ? queue : undefined;
  }

  putUser(account: Account, user: User): void {
    for (const key of account.users.get(user.name)?.accessKeys ?? []) this.userKeys.delete(key.accessKeyId);
    account.users.set(user.name, user);
    for (const key of user.accessKeys) this.userKeys.set(key.accessKeyId, { account, user, key });
  }

  deleteUser(account: Account, name: string): boolean {
    for (const key of account.users.get(name)?.accessKeys ?? []) this.userKeys.delete(key.accessKeyId);
    return account.users.delete(name);
  }

  findUserKey(accessKeyId: string): UserKey | undefined {
    return this.userKeys.get(accessKeyId);
  }

  roleSlot(account: Account, name: string): Versioned<Role> {
    let slot = account.roles.get(name);
    if (slot === undefined) account.roles.set(name, (slot = new Versioned()));
    return slot;
  }

  /** The role as AWS sees it now, propagation considered. */
  currentRole(accountId: string, name: string): Role | null {
    return this.accounts.get(accountId)?.roles.get(name)?.current(this.clock.now()) ?? null;
  }

  addSession(session: Session): void {
    this.sessions.set(session.accessKeyId, session);
    if (this.sessions.size % 1000 === 0) this.forgetOldSessions();
    this.onChange();
  }

  /** The unique id of an existing user or role; null when there is none (IAM then refuses the trust policy). */
  findUniqueId(arn: string): string | null {
    const match = /^arn:aws:iam::(\d{12}):(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn);
    const account = this.accounts.get(match?.[1] ?? '');
    const name = match?.[3] ?? '';
    if (match?.[2] === 'user') {
      const user = account?.users.get(name);
      return user?.arn === arn ? user.userId : null;
    }
    const role = account?.roles.get(name)?.latest();
    return role?.arn === arn ? role.roleId : null;
  }

  private createPlatform(): void {
    const { accountId, accessKeyId, secretAccessKey } = this.platform;
    const account = this.account(accountId);
    this.putUser(account, {
      name: PLATFORM_USER_NAME,
      path: '/',
      arn: `arn:aws:iam::${accountId}:user/${PLATFORM_USER_NAME}`,
      userId: newUniqueId('AIDA'),
      policies: namedPolicies([['assume-customer-roles', parsePolicy(PLATFORM_USER_POLICY, 'identity')]]),
      accessKeys: [{ accessKeyId, secretAccessKey }],
    });
  }

  private forgetOldSessions(): void {
    const limit = this.clock.now() - FORGET_SESSION_MS;
    for (const [id, session] of this.sessions) if (session.expiresAt < limit) this.sessions.delete(id);
  }
}
