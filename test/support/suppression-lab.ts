import {
  CreateConnection,
  ProveConnection,
  ReadKit,
  RefreshPlatformPrincipal,
  UpdateConnection,
  type Purpose,
} from '#libs/connections';
import {
  FollowSuppressionsModule,
  ReadSuppressionSync,
  SetSuppressionSync,
  SuppressionSyncModule,
  SyncSuppressions,
  WakeSuppressionSyncs,
  type SuppressionSyncObject,
} from '#libs/suppression-sync';
import { Suppressions, SuppressionsModule, type Suppression } from '#libs/suppressions';
import { customerAccount, Lab, region } from './connections-lab.js';

export interface Tenant {
  projectId: string;
  connectionId: string;
  roleName: string;
}

export interface SesCall {
  action: string;
  parameters: Record<string, unknown>;
  outcome: 'success' | 'error';
}

const silently = () => Promise.resolve(() => undefined);

/** The real modules with a simulated AWS and clock; jobs run when the test says so. One SES account, which every test begins with empty. */
export class SuppressionLab {
  private roles = 0;

  private constructor(readonly lab: Lab) {}

  static async start(environment: NodeJS.ProcessEnv): Promise<SuppressionLab> {
    const lab = await Lab.start(environment, () => ({
      modules: [SuppressionsModule, SuppressionSyncModule, FollowSuppressionsModule],
    }));
    // Days pass in many a test, and signatures carry the machine's time.
    await lab.admin('PATCH', '/settings', { signature_window_seconds: 100_000_000 });
    await lab.main.get(RefreshPlatformPrincipal).execute();
    return new SuppressionLab(lab);
  }

  /** A project with an active connection whose role may do what the kit of these purposes says. */
  async newTenant(purposes: readonly Purpose[] = ['send', 'analytics', 'configure']): Promise<Tenant> {
    const { main } = this.lab;
    const projectId = await this.lab.newProject();
    const { connection } = await main.get(CreateConnection).execute(projectId, { region, actor: 'system' });
    const tenant = { projectId, connectionId: connection.id, roleName: `Sync${++this.roles}` };
    await this.allow(tenant, purposes);
    await main.get(UpdateConnection).execute(projectId, connection.id, {
      roleArn: `arn:aws:iam::${customerAccount}:role/${tenant.roleName}`,
      actor: 'system',
    });
    await main.get(ProveConnection).execute({ connectionId: connection.id });
    return tenant;
  }

  /** The role as the kit makes it for these purposes. */
  async allow({ projectId, connectionId, roleName }: Tenant, purposes: readonly Purpose[]): Promise<void> {
    const kits = await Promise.all(
      purposes.map((purpose) =>
        this.lab.main.get(ReadKit).execute(projectId, connectionId, { purpose, format: 'json' }),
      ),
    );
    await this.lab.putRole(roleName, {
      trust_policy: kits[0]?.trust_policy,
      policies: Object.fromEntries(kits.map((kit) => [kit.purpose, kit.permissions_policy])),
    });
  }

  set(
    { projectId, connectionId }: Tenant,
    mode: 'off' | 'import' | 'both',
    actor = 'system',
  ): Promise<SuppressionSyncObject> {
    return this.lab.main.get(SetSuppressionSync).execute(projectId, connectionId, mode, actor);
  }

  read({ projectId, connectionId }: Tenant): Promise<SuppressionSyncObject> {
    return this.lab.main.get(ReadSuppressionSync).execute(projectId, connectionId);
  }

  sync({ connectionId }: Tenant): Promise<void> {
    return this.lab.main.get(SyncSuppressions).execute({ connectionId });
  }

  /** One tick of the worker and the jobs that it adds. @returns the connections that were looked at */
  async tick(): Promise<string[]> {
    const { added } = this.lab.main.jobs;
    const from = added.length;
    await this.lab.main.get(WakeSuppressionSyncs).execute();
    const due = added
      .slice(from)
      .filter(({ name }) => name === 'suppressions.sync')
      .map(({ data }) => (data as { connectionId: string }).connectionId);
    for (const connectionId of due) await this.lab.main.get(SyncSuppressions).execute({ connectionId });
    return due;
  }

  /** Ticks, one a second of simulated time, until the connection has no look within the next seconds. @returns how many looks it took */
  async settle(tenant: Tenant): Promise<number> {
    for (let looks = 0; looks < 100; looks++) {
      const { next_sync_at: next } = await this.read(tenant);
      const waitMs = next === null ? Infinity : Date.parse(next) - this.lab.clock.nowMs();
      if (waitMs > 10_000) return looks;
      this.lab.clock.advance(Math.max(0, waitMs) / 1_000);
      await this.tick();
    }
    throw new Error('the sync does not settle');
  }

  suppress({ projectId }: Tenant, ...emails: string[]): Promise<Suppression[]> {
    return this.lab.main.get(Suppressions).add(projectId, emails, silently, 'emails');
  }

  allowAgain({ projectId }: Tenant, email: string): Promise<Suppression> {
    return this.lab.main.get(Suppressions).remove(projectId, email, silently);
  }

  async list({ projectId }: Tenant): Promise<Suppression[]> {
    const suppressions = this.lab.main.get(Suppressions);
    const { data } = await suppressions.list(projectId, { limit: 5_000 });
    return data;
  }

  async emails(tenant: Tenant): Promise<string[]> {
    return (await this.list(tenant)).map(({ email }) => email).sort();
  }

  /** The account's own list, in the sandbox's state. */
  get account(): Map<string, { emailAddress: string; reason: 'BOUNCE' | 'COMPLAINT'; updatedAt: number }> {
    return this.lab.sandbox.state.ses(customerAccount, region).suppressed;
  }

  /** As SES or somebody in its console lists an address. */
  listInSes(emailAddress: string, reason: 'BOUNCE' | 'COMPLAINT' = 'BOUNCE'): void {
    this.account.set(emailAddress, { emailAddress, reason, updatedAt: this.lab.clock.nowMs() });
  }

  async calls(action: string): Promise<SesCall[]> {
    return this.lab.admin('GET', `/calls?service=ses&action=${action}`);
  }

  fault(fields: object): Promise<unknown> {
    return this.lab.admin('PUT', '/faults', [{ service: 'ses', ...fields }]);
  }

  /** An empty account, no faults, no calls. */
  async reset(): Promise<void> {
    this.account.clear();
    this.lab.sandbox.state.ses(customerAccount, region).suppressedReasons = ['BOUNCE', 'COMPLAINT'];
    await this.lab.admin('DELETE', '/faults');
    await this.lab.admin('DELETE', '/calls');
    await this.lab.admin('PATCH', '/settings', { control_plane_throttle: false });
    await this.lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, {
      production_access: true,
    });
    await this.lab.main.database.query('DELETE FROM suppression_syncs', []);
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }
}
