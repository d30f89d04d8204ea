import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { SimulatedClock } from './clock.js';
import { startDns } from './dns/server.js';
import { newHandler } from './http/handle-request.js';
import { newServer, type CallLog } from './http/server.js';
import { PLATFORM_ACCESS_KEY_ID, PLATFORM_ACCOUNT_ID, PLATFORM_SECRET_ACCESS_KEY } from './platform.js';
import { publishOutcomes } from './sesv2/events/publish.js';
import type { OutcomeListener } from './state/message.js';
import { StateFile } from './state/state-file.js';
import { World } from './state/world.js';

export interface SandboxOptions {
  /** 0 = any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Of the DNS server, UDP and TCP; 0 = any free port. */
  readonly dnsPort?: number;
  readonly platformAccountId?: string;
  readonly platformAccessKeyId?: string;
  readonly platformSecretAccessKey?: string;
  /** Keeps the whole state across restarts. */
  readonly stateFile?: string;
  readonly log?: CallLog;
  /** Hears what becomes of every accepted message. */
  readonly onOutcome?: OutcomeListener;
}

export interface RunningSandbox {
  readonly url: string;
  readonly port: number;
  readonly dnsPort: number;
  readonly clock: SimulatedClock;
  readonly state: World;
  /** Ends all connections and writes the state file. */
  readonly close: () => Promise<void>;
}

/** Starts a simulated AWS in this process. Rejects when the port is taken or the state file cannot be read. */
export const startSandbox = async (options: SandboxOptions = {}): Promise<RunningSandbox> => {
  const world = new World({
    accountId: options.platformAccountId ?? PLATFORM_ACCOUNT_ID,
    accessKeyId: options.platformAccessKeyId ?? PLATFORM_ACCESS_KEY_ID,
    secretAccessKey: options.platformSecretAccessKey ?? PLATFORM_SECRET_ACCESS_KEY,
  });
  world.messages.onOutcome((message, outcomes) => publishOutcomes(world, message, outcomes));
  if (options.onOutcome !== undefined) world.messages.onOutcome(options.onOutcome);
  const stateFile = options.stateFile === undefined ? null : new StateFile(options.stateFile, world);
  await stateFile?.load();

  const host = options.host ?? '127.0.0.1';
  const server = newServer(newHandler(world), world.clock, options.log ?? null);
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dns = await startDns(world.zone, host, options.dnsPort ?? 0);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    dnsPort: dns.port,
    clock: world.clock,
    state: world,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      world.close();
      await closed;
      await dns.close();
      await stateFile?.close();
    },
  };
};
