import {
  CreateConnection,
  ProveConnection,
  ReadKit,
  RefreshPlatformPrincipal,
  UpdateConnection,
} from '#libs/connections';
import {
  CreateDomain,
  DomainsModule,
  FollowDomain,
  FollowDomainsModule,
  presentDomain,
  ReadDomains,
  WakeDomains,
  type Domain,
} from '#libs/domains';
import { customerAccount, Lab, region } from './connections-lab.js';

export interface Tenant {
  projectId: string;
  connectionId: string;
  roleName: string;
}

const settings = {
  sending: true,
  receiving: false,
  openTracking: false,
  clickTracking: false,
  trackingSubdomain: null,
  tls: 'opportunistic',
  returnPath: 'send',
  actor: 'system',
} as const;

/** The real modules with a simulated AWS, DNS and clock; jobs run when the test says so. */
export class DomainsLab {
  private roles = 0;

  private constructor(readonly lab: Lab) {}

  static async start(environment: NodeJS.ProcessEnv): Promise<DomainsLab> {
    const lab = await Lab.start(environment, ({ dnsPort }) => ({
      modules: [DomainsModule, FollowDomainsModule],
      // Nobody runs the job while a domain is being added: its following is the test's.
      config: { domains: { dnsServers: [`127.0.0.1:${dnsPort}`], waitMs: 0 } },
    }));
    // Three days pass in many a test, and signatures carry the machine's time.
    await lab.admin('PATCH', '/settings', { signature_window_seconds: 100_000_000 });
    await lab.main.get(RefreshPlatformPrincipal).execute();
    return new DomainsLab(lab);
  }

  /** A project with an active connection whose role may send and configure. */
  async newTenant(): Promise<Tenant> {
    const { main } = this.lab;
    const projectId = await this.lab.newProject();
    const { connection } = await main.get(CreateConnection).execute(projectId, { region, actor: 'system' });
    const tenant = { projectId, connectionId: connection.id, roleName: `Domains${++this.roles}` };
    await this.allow(tenant, ['send', 'configure']);
    await main.get(UpdateConnection).execute(projectId, connection.id, {
      roleArn: `arn:aws:iam::${customerAccount}:role/${tenant.roleName}`,
      actor: 'system',
    });
    await main.get(ProveConnection).execute({ connectionId: connection.id });
    return tenant;
  }

  /** The role as the kit makes it for these purposes. */
  async allow({ projectId, connectionId, roleName }: Tenant, purposes: readonly ('send' | 'configure')[]) {
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

  add({ projectId }: Tenant, name: string): Promise<Domain> {
    return this.lab.main.get(CreateDomain).execute(projectId, { ...settings, name });
  }

  follow({ id }: Pick<Domain, 'id'>): Promise<void> {
    return this.lab.main.get(FollowDomain).execute({ domainId: id });
  }

  async addAndFollow(tenant: Tenant, name: string): Promise<Domain> {
    const domain = await this.add(tenant, name);
    await this.follow(domain);
    return this.read(domain);
  }

  read({ projectId, id }: Pick<Domain, 'projectId' | 'id'>): Promise<Domain> {
    return this.lab.main.get(ReadDomains).get(projectId, id);
  }

  /** One tick of the worker and the jobs that it adds. @returns the domains that were looked at */
  async tick(): Promise<string[]> {
    const { added } = this.lab.main.jobs;
    const from = added.length;
    await this.lab.main.get(WakeDomains).execute();
    const due = added
      .slice(from)
      .filter(({ name }) => name === 'domain.follow')
      .map(({ data }) => (data as { domainId: string }).domainId);
    for (const id of due) await this.follow({ id });
    return due;
  }

  async publish(domain: Domain): Promise<void> {
    for (const { type, fqdn, value, priority } of presentDomain(domain).records) {
      await this.lab.admin('PUT', `/dns/${fqdn}/${type}`, {
        values: [priority === undefined ? value : `${priority} ${value}`],
      });
    }
  }

  identityPath(name: string): string {
    return `/accounts/${customerAccount}/regions/${region}/identities/${name}`;
  }

  async hasIdentity(name: string): Promise<boolean> {
    const state = await this.lab.admin<{
      accounts: Record<string, { regions: Record<string, { identities: Record<string, object> }> }>;
    }>('GET', '/state');
    return state.accounts[customerAccount]?.regions[region]?.identities[name] !== undefined;
  }

  async row(id: string): Promise<Record<string, unknown> | undefined> {
    const { rows } = await this.lab.main.database.query<Record<string, unknown>>(
      'SELECT * FROM domains WHERE id = $1',
      [id],
    );
    return rows[0];
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }
}
