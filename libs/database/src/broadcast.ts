import pg from 'pg';
import { Database, type Sql } from './database.js';

type Listener = (message: string) => void;

/**
 * Tells every process of the installation something small, now (PostgreSQL LISTEN/NOTIFY). Delivery is best effort:
 * whoever relies on it needs a second line of defence, and hears `onGap` when messages may have been missed.
 */
export class Broadcast {
  private static readonly channel = 'sesame_broadcast';
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly gapListeners = new Set<() => void>();
  private client: pg.Client | undefined;
  private isClosed = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  /**
   * @param topic a word, e.g. `session.purged`
   * @param message at most a few kilobytes, without secrets
   * @param sql a transaction: then it is heard when that commits
   */
  async send(topic: string, message: string, sql: Sql = this.database): Promise<void> {
    await sql.query('SELECT pg_notify($1, $2)', [Broadcast.channel, `${topic}\n${message}`]);
  }

  on(topic: string, listener: Listener): void {
    const set = this.listeners.get(topic) ?? new Set();
    set.add(listener);
    this.listeners.set(topic, set);
  }

  onGap(listener: () => void): void {
    this.gapListeners.add(listener);
  }

  /** Connects the listening client, and again whenever it is lost. */
  async start(): Promise<void> {
    if (this.isClosed || this.client !== undefined) return;
    const client = new pg.Client({
      connectionString: this.database.url,
      application_name: 'sesame-listen',
      keepAlive: true,
    });
    this.client = client;
    const lost = () => {
      if (this.client !== client) return;
      this.client = undefined;
      if (!this.isClosed) this.retry = setTimeout(() => void this.restart(), 500);
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload = '' }) => {
      const end = payload.indexOf('\n');
      for (const listener of this.listeners.get(payload.slice(0, end)) ?? [])
        listener(payload.slice(end + 1));
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${Broadcast.channel}`);
    } catch (error) {
      lost();
      throw error;
    }
  }

  private async restart(): Promise<void> {
    try {
      await this.start();
      for (const listener of this.gapListeners) listener();
    } catch {
      // start() has planned the next try.
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }
}
