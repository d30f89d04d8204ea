import {
  createPostgresBackend,
  Queue,
  Worker,
  withBackend,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';

/** How to reach the queue: Redis or Valkey when a URL is given, otherwise PostgreSQL. No other difference exists. */
export interface QueueConnection {
  redisUrl: string | undefined;
  databaseUrl: string;
  /** Keeps installations apart on one server. */
  prefix: string;
}

/** The one place that knows which store BullMQ runs on. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  queue(name: string, options: Omit<QueueOptions, 'connection' | 'prefix'>): Queue;
  worker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection' | 'prefix'>): Worker;
  close(): Promise<void>;
}

export function createQueueBackend(connection: QueueConnection): QueueBackend {
  return connection.redisUrl === undefined
    ? postgresBackend(connection)
    : redisBackend(connection, connection.redisUrl);
}

function redisBackend({ prefix }: QueueConnection, url: string): QueueBackend {
  const clients: Redis[] = [];
  const connect = (extra: object) => {
    const client = new Redis(url, { maxRetriesPerRequest: null, ...extra });
    // BullMQ reports on its own emitters; an unheard 'error' here would end the process.
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  let shared: Redis | undefined;
  // The braces are a hash tag: on a Redis Cluster all keys of the installation share one slot, which BullMQ's scripts need.
  const keyPrefix = `{${prefix}}`;
  return {
    kind: 'redis',
    queue: (name, options) =>
      new Queue(name, { ...options, prefix: keyPrefix, connection: (shared ??= connect({})) }),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, prefix: keyPrefix, connection: (shared ??= connect({})) }),
    close: async () => {
      await Promise.all(clients.map((client) => client.quit().catch(() => client.disconnect())));
    },
  };
}

/**
 * BullMQ holds a client of its pool while it looks at its schema, and does not listen to it then: a connection that is lost in
 * that moment would end the process, although the statement fails anyway.
 */
class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

function postgresBackend({ databaseUrl, prefix }: QueueConnection): QueueBackend {
  const classes = withBackend(createPostgresBackend);
  const schema = `bullmq_${prefix.replaceAll('-', '_')}`;
  const pool = (max: number) => ({
    connectionString: databaseUrl,
    schema,
    migrate: true,
    max,
    application_name: 'sesame-queue',
    keepAlive: true,
    Client: HeardClient,
  });
  return {
    kind: 'postgres',
    // The classes differ from Redis' only in the type of `connection`, which is settled here.
    queue: (name, options) =>
      new classes.Queue(name, { ...options, connection: pool(3) }) as unknown as Queue,
    worker: (name, processor, options) =>
      new classes.Worker(name, processor, { ...options, connection: pool(4) }) as unknown as Worker,
    close: () => Promise.resolve(),
  };
}
