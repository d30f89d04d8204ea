import { Global, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { startSandbox, type RunningSandbox } from '../../apps/aws-sandbox/src/sandbox.js';
import { PLATFORM_ACCESS_KEY_ID, PLATFORM_SECRET_ACCESS_KEY } from '../../apps/aws-sandbox/src/platform.js';
import { freshDatabase } from './stores.js';
import {
  ConfigurationSets,
  createSharedHandler,
  EventBridgeGateway,
  SesGateway,
  SesIdentities,
  SesSuppressionList,
  SnsGateway,
  SqsGateway,
  StsGateway,
} from '#libs/aws';
import { CONFIG } from '#libs/config';
import {
  ConnectionsModule,
  presentConnection,
  ProveConnection,
  ReadConnections,
  type ConnectionObject,
} from '#libs/connections';
import { Clock, newId, Sealer } from '#libs/crypto';
import { Broadcast, Database, type TestDatabase } from '#libs/database';
import { JobProducer, type JobData, type JobName } from '#libs/queue';
import { createLogger, Logger, Metrics } from '#libs/telemetry';

export const windowMs = 20_000;
export const region = 'eu-west-1';
export const customerAccount = '444455556666';
const keyRing = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

/** Time that jumps; the sandbox jumps along. */
export class LabClock extends Clock {
  constructor(private readonly sandbox: RunningSandbox) {
    super();
  }

  override nowMs(): number {
    return this.sandbox.clock.now();
  }

  advance(seconds: number): void {
    this.sandbox.clock.offsetSeconds += seconds;
  }
}

/** Remembers jobs instead of running them. */
export class RecordedJobs {
  readonly added: { name: JobName; data: object }[] = [];

  add<Name extends JobName>(name: Name, data: JobData<Name>): Promise<void> {
    this.added.push({ name, data });
    return Promise.resolve();
  }

  count(name: JobName): number {
    return this.added.filter((job) => job.name === name).length;
  }
}

export interface JournalLine {
  action: string;
  parameters: Record<string, unknown>;
  outcome: 'success' | 'error';
  sdk_invocation_id: string | null;
}

export interface LabOptions {
  /** Beside that of connections. */
  modules?: Type[];
  /** Added to the configuration. */
  config?: object;
}

/** One process of the fleet: the real module on the shared database. */
export class LabProcess {
  private constructor(
    readonly module: TestingModule,
    readonly database: Database,
    readonly broadcast: Broadcast,
    readonly jobs: RecordedJobs,
    readonly logLines: string[],
  ) {}

  static async start(
    databaseUrl: string,
    clock: Clock,
    { modules = [], config = {} }: LabOptions = {},
  ): Promise<LabProcess> {
    const database = new Database(databaseUrl, 10);
    const broadcast = new Broadcast(database);
    await broadcast.start();
    const jobs = new RecordedJobs();
    const logLines: string[] = [];
    const handler = createSharedHandler();
    const providers = [
      {
        provide: CONFIG,
        useValue: { connections: { verifyWindowMs: windowMs, sweepMs: 86_400_000 }, ...config },
      },
      { provide: Clock, useValue: clock },
      { provide: Sealer, useValue: new Sealer(keyRing) },
      { provide: Database, useValue: database },
      { provide: Broadcast, useValue: broadcast },
      { provide: JobProducer, useValue: jobs },
      { provide: Logger, useValue: createLogger('debug', 'test', (line) => logLines.push(line)) },
      { provide: Metrics, useValue: new Metrics('test', false) },
      { provide: StsGateway, useValue: new StsGateway(handler) },
      { provide: SesGateway, useValue: new SesGateway(handler) },
      { provide: SesIdentities, useValue: new SesIdentities(handler) },
      { provide: SesSuppressionList, useValue: new SesSuppressionList(handler) },
      { provide: ConfigurationSets, useValue: new ConfigurationSets(handler) },
      { provide: SnsGateway, useValue: new SnsGateway(handler) },
      { provide: EventBridgeGateway, useValue: new EventBridgeGateway(handler) },
      { provide: SqsGateway, useValue: new SqsGateway() },
    ];
    const tokens = providers.map((provider) => provider.provide);
    @Global()
    @Module({ providers, exports: tokens })
    class Ground {}
    const module = await Test.createTestingModule({
      imports: [Ground, ConnectionsModule, ...modules],
    }).compile();
    return new LabProcess(module, database, broadcast, jobs, logLines);
  }

  get<T>(type: Type<T>): T {
    return this.module.get(type, { strict: false });
  }

  async stop(): Promise<void> {
    await this.module.close();
    await this.broadcast.close();
    await this.database.close();
  }
}

/** A database, a simulated AWS and one process; more processes on demand. */
export class Lab {
  readonly processes: LabProcess[] = [];
  organizationId = '';

  private constructor(
    readonly store: TestDatabase,
    readonly sandbox: RunningSandbox,
    readonly clock: LabClock,
    private readonly options: LabOptions,
  ) {}

  /** @param environment of the test process: the SDK finds the sandbox by it */
  static async start(
    environment: NodeJS.ProcessEnv,
    optionsFor: (sandbox: RunningSandbox) => LabOptions = () => ({}),
  ): Promise<Lab> {
    // One after the other: what fails to start must not leave the other running, and jest waiting for it.
    const store = await freshDatabase();
    const sandbox = await startSandbox({ port: 0 });
    Object.assign(environment, {
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: PLATFORM_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: PLATFORM_SECRET_ACCESS_KEY,
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    const lab = new Lab(store, sandbox, new LabClock(sandbox), optionsFor(sandbox));
    await lab.newProcess();
    // Signatures carry the machine's time, which stays behind when the simulated time jumps.
    await lab.admin('PATCH', '/settings', { signature_window_seconds: 864_000 });
    lab.organizationId = newId();
    await lab.main.database.prisma.organization.create({ data: { id: lab.organizationId, name: 'Lab' } });
    await lab.admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, {
      production_access: true,
      max_send_rate: 1000,
      max_24_hour_send: 50_000,
    });
    await lab.admin('PUT', `/accounts/${customerAccount}/regions/${region}/identities/example.org`, {
      verified: true,
    });
    return lab;
  }

  get main(): LabProcess {
    const [first] = this.processes;
    if (first === undefined) throw new Error('not started');
    return first;
  }

  async newProcess(): Promise<LabProcess> {
    const started = await LabProcess.start(this.store.url, this.clock, this.options);
    this.processes.push(started);
    return started;
  }

  async newProject(): Promise<string> {
    const id = newId();
    await this.main.database.prisma.project.create({
      data: { id, organizationId: this.organizationId, name: 'Project' },
    });
    return id;
  }

  async admin<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.sandbox.url}/_sandbox${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  putRole(name: string, fields: object, account = customerAccount): Promise<unknown> {
    return this.admin('PUT', `/accounts/${account}/roles/${name}`, fields);
  }

  async clearCalls(): Promise<void> {
    await this.admin('DELETE', '/calls');
  }

  /** Calls of AssumeRole for a purpose, as the session name tells it. */
  async assumeCalls(purpose: string): Promise<JournalLine[]> {
    const calls = await this.admin<JournalLine[]>('GET', '/calls?service=sts&action=AssumeRole');
    return calls.filter((call) => JSON.stringify(call.parameters).includes(`sesame-${purpose}-`));
  }

  async read(projectId: string, id: string): Promise<ConnectionObject> {
    return presentConnection(await this.main.get(ReadConnections).get(projectId, id));
  }

  /**
   * Runs rounds as the ticker would, jumping from one next_check_at to the next, until the connection has made up its
   * mind or `seconds` of simulated time are over.
   */
  async settle(projectId: string, id: string, seconds = 60): Promise<ConnectionObject> {
    const end = this.clock.nowMs() + seconds * 1000;
    for (;;) {
      await this.main.get(ProveConnection).execute({ connectionId: id });
      const { connection, checks } = await this.main.get(ReadConnections).get(projectId, id);
      const dueMs = connection.nextCheckAt?.getTime() ?? Infinity;
      const isOpen =
        checks.some((check) => check.outcome === 'pending') && dueMs - this.clock.nowMs() < 6_000;
      if (!isOpen || dueMs > end) return this.read(projectId, id);
      this.clock.advance(Math.max(0, dueMs - this.clock.nowMs()) / 1000);
    }
  }

  async stop(): Promise<void> {
    for (const started of this.processes) await started.stop();
    await this.sandbox.close();
    await this.store.drop();
  }
}

/** Waits for a condition, at most ten seconds. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function checkOf(connection: ConnectionObject, name: string): ConnectionObject['checks'][number] {
  const check = connection.checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`no check ${name}`);
  return check;
}
