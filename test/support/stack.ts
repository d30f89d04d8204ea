import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startSandbox, type RunningSandbox } from '../../apps/aws-sandbox/src/sandbox.js';
import { PLATFORM_ACCESS_KEY_ID, PLATFORM_SECRET_ACCESS_KEY } from '../../apps/aws-sandbox/src/platform.js';
import { freshDatabase, redisUrlOf, type Backend } from './stores.js';
import { until } from './until.js';
import { watchAnswers, type AnswerWatch } from './watch-answers.js';

const dist = join(import.meta.dirname, '..', '..', 'dist');

export interface StackOptions {
  backend?: Backend;
  workers?: number;
  /** How many API processes; `Customer.api` goes to them in turn. */
  apis?: number;
  /** Whether an SMTP server runs as well; at `Stack.smtp`. */
  smtp?: boolean;
  /** Whether the sandbox's SNS and EventBridge reach the API, and it their certificates. */
  feedback?: boolean;
  /** Whether the API offers to break the sandbox's accounts. */
  breakable?: boolean;
  /** Added to the environment of API and workers. */
  env?: Record<string, string>;
  /** Where AWS is; by default a sandbox of its own. */
  awsEndpoint?: string;
}

/** One process of the product, as it was built. */
export class Process {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  private readonly ended: Promise<number | null>;

  constructor(
    readonly name: string,
    env: Record<string, string>,
  ) {
    this.child = spawn(process.execPath, [join(dist, 'apps', name, 'src', 'main.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        this.lines.push(...parts);
      });
    }
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }

  async ready(): Promise<void> {
    const ended = this.ended.then((code) =>
      Promise.reject(new Error(`${this.name} ended (${code}): ${this.lines.slice(-4).join('\n')}`)),
    );
    await Promise.race([
      ended,
      until(`${this.name} ready`, async () =>
        this.lines.some((line) => line.includes(`"${this.name}.ready"`)),
      ),
    ]);
    // From here on its end is the test's business.
    ended.catch(() => undefined);
  }

  /** @returns the exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }
}

/** The built product with real stores: sandbox, API and workers, each a process but for the sandbox. */
export interface Stack {
  readonly api: string;
  /** All of them, `api` first. */
  readonly apis: readonly string[];
  readonly backend: Backend;
  readonly sandbox: RunningSandbox;
  readonly databaseUrl: string;
  readonly environment: Record<string, string>;
  readonly processes: Process[];
  readonly organization: { id: string; key: string };
  /** The port of the SMTP server, 0 without one. */
  readonly smtp: number;
  /** Another SMTP server. @returns it and its port */
  addSmtp(env?: Record<string, string>): Promise<{ server: Process; port: number }>;
  addWorker(env?: Record<string, string>): Promise<Process>;
  /** Every answer of the APIs is held against openapi.json. */
  readonly answers: AnswerWatch;
  /** @throws Error when an answer was not as documented */
  close(): Promise<void>;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const backend = options.backend ?? 'postgres';
  const [database, sandbox, ...ports] = await Promise.all([
    freshDatabase(),
    startSandbox({ port: 0 }),
    ...Array.from({ length: options.apis ?? 1 }, freePort),
  ]);
  const redisUrl = redisUrlOf(backend);
  const endpoint = options.awsEndpoint ?? sandbox.url;
  const common: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    QUEUE_PREFIX: `t${randomBytes(6).toString('hex')}`,
    SESAME_KEYS: `test:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'info',
    SESAME_DNS_SERVERS: `127.0.0.1:${sandbox.dnsPort}`,
    SESAME_SNS_CERTIFICATE_ENDPOINT: sandbox.url,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    ...(options.feedback === true && {
      SESAME_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
      SESAME_SNS_CERTIFICATE_ENDPOINT: endpoint,
      SESAME_OUTBOUND_ALLOW: '127.0.0.0/8',
      SESAME_OUTBOUND_PLAIN_HTTP: 'true',
    }),
  };
  // The web tier has no AWS rights: only workers are given credentials.
  const aws = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: PLATFORM_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: PLATFORM_SECRET_ACCESS_KEY,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const breakable = options.breakable === true ? { SESAME_SANDBOX_URL: sandbox.url } : {};
  const apiEnvironment = { ...common, ...breakable, ...options.env };
  const workerEnvironment = { ...common, ...aws, ...options.env };
  const processes: Process[] = [];
  const addWorker = async (env: Record<string, string> = {}) => {
    const worker = new Process('worker', { ...workerEnvironment, ...env });
    processes.push(worker);
    await worker.ready();
    return worker;
  };
  const addSmtp = async (env: Record<string, string> = {}) => {
    const server = new Process('smtp', { ...apiEnvironment, SMTP_PORT: '0', ...env });
    processes.push(server);
    await server.ready();
    const ready = server.lines.find((line) => line.includes('"smtp.ready"')) ?? '{}';
    const { ports: [port] = [] } = JSON.parse(ready) as { ports?: number[] };
    return { server, port: port ?? 0 };
  };
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const answers = watchAnswers(urls);
  const close = async () => {
    await Promise.all(processes.map((one) => one.stop('SIGKILL')));
    await sandbox.close();
    await database.drop();
    answers.stop();
  };
  try {
    const organization = await bootstrap(common);
    const apis = ports.map((port) => new Process('api', { ...apiEnvironment, API_PORT: String(port) }));
    processes.push(...apis);
    await Promise.all([
      ...apis.map((api) => api.ready()),
      ...Array.from({ length: options.workers ?? 1 }, () => addWorker()),
    ]);
    const smtp = options.smtp === true ? (await addSmtp()).port : 0;
    return {
      api: urls[0] ?? '',
      apis: urls,
      backend,
      sandbox,
      databaseUrl: database.url,
      environment: workerEnvironment,
      processes,
      organization,
      smtp,
      addSmtp,
      addWorker,
      answers,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bootstrap(env: Record<string, string>): Promise<{ id: string; key: string }> {
  const child = spawn(process.execPath, [join(dist, 'apps', 'api', 'src', 'bootstrap-cli.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await new Promise((resolve) => child.once('exit', resolve));
  const made = JSON.parse(text) as { organization_id: string; organization_key: string };
  return { id: made.organization_id, key: made.organization_key };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
