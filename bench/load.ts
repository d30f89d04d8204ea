/**
 * Sends requests to several targets in turns, a slice of time each, and prints what came back: what slows the machine down for a
 * while slows all of them. `node load.js <LoadPlan as JSON>`
 */
import { Pool } from 'undici';

export interface LoadPlan {
  targets: readonly LoadTarget[];
  /** Of each target. */
  connections: number;
  /** Of each target, after its warm-up, in whole slices. */
  seconds: number;
  kilobytes: number;
  /** Emails in a request; 0: a single send. */
  batch: number;
  /** `x`: nothing but that letter. `html`: markup with quotes and line breaks, and a text part. */
  content: 'x' | 'html';
}

export interface LoadTarget {
  /** Processes that share the connections. */
  urls: readonly string[];
  path: string;
  key: string;
}

export interface LoadFigures {
  perSecond: number;
  refused: number;
  p50: number;
  p99: number;
}

/** Until the compiler has seen it all: at first a request costs three times as much. */
const WARM_UP_SECONDS = 5;
const SLICE_SECONDS = 2;

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const body = Buffer.from(JSON.stringify(bodyOf(plan)));

function bodyOf({ kilobytes, batch, content }: LoadPlan): object {
  const line = '<tr>\n  <td style="padding: 8px 16px">Your order of 12 items is on its way.</td>\n</tr>\n';
  const bytes = kilobytes * 1000;
  const html = content === 'x' ? 'x'.repeat(bytes) : line.repeat(Math.ceil(bytes / line.length));
  const email = (index: number) => ({
    from: 'Sender <hello@example.com>',
    to: [`p${index}@example.net`],
    subject: 'Hello',
    html,
    // As SDKs that render both parts send it.
    ...(content !== 'x' && {
      text: 'Your order of 12 items is on its way.\n'.repeat(Math.ceil(bytes / 200)),
    }),
  });
  return batch === 0 ? email(0) : Array.from({ length: batch }, (_, index) => email(index));
}

class Target {
  private readonly pools: Pool[];
  private readonly headers: Record<string, string>;
  private isRunning = false;
  private done = 0;
  private refused = 0;
  private seconds = 0;
  private latencies: number[] = [];

  constructor(
    private readonly path: string,
    { urls, key }: LoadTarget,
  ) {
    this.pools = urls.map((url) => new Pool(url, { connections: plan.connections, pipelining: 1 }));
    this.headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  }

  async run(seconds: number): Promise<void> {
    this.isRunning = true;
    const start = performance.now();
    const timer = setTimeout(() => (this.isRunning = false), seconds * 1000);
    const connections = Array.from({ length: plan.connections }, (_, index) => index);
    await Promise.all(connections.map((index) => this.connection(index)));
    clearTimeout(timer);
    this.seconds += (performance.now() - start) / 1000;
  }

  private async connection(index: number): Promise<void> {
    const pool = this.pools[index % this.pools.length];
    if (pool === undefined) throw new Error('no URL');
    while (this.isRunning) {
      const start = performance.now();
      const answer = await pool.request({ path: this.path, method: 'POST', headers: this.headers, body });
      await answer.body.dump();
      if (answer.statusCode < 300) this.done += 1;
      else this.refused += 1;
      this.latencies.push(performance.now() - start);
    }
  }

  forget(): void {
    this.done = this.refused = this.seconds = 0;
    this.latencies = [];
  }

  figures(): LoadFigures {
    const sorted = this.latencies.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return {
      perSecond: this.done / this.seconds,
      refused: this.refused,
      p50: at(0.5),
      p99: at(0.99),
    };
  }
}

const targets = plan.targets.map((target) => new Target(target.path, target));
for (const target of targets) {
  await target.run(WARM_UP_SECONDS);
  target.forget();
}
for (let seconds = 0; seconds < plan.seconds; seconds += SLICE_SECONDS)
  for (const target of targets) await target.run(SLICE_SECONDS);
console.log(JSON.stringify({ event: 'load', figures: targets.map((target) => target.figures()) }));
process.exit(0);
