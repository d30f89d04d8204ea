import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { benchAccept, benchBareInserts } from './accept.js';
import { benchDrain, type DrainFigures } from './drain.js';
import { benchEvents, countEventStatements } from './events.js';
import { benchIdle } from './idle.js';
import type { LoadFigures } from './load.js';
import { benchLatency, type LatencyFigures } from './latency.js';
import { benchPacing } from './pacing.js';
import { benchSts } from './sts.js';
import { median } from './support/processes.js';

/**
 * `npm run bench -- [--only drain,drain4,accept,batch,latency,fairness,pacing,sts,events,idle,pages] [--rounds 3] [--backlog 100000] [--json FILE]`. Every bench runs its own floor in the
 * same run: the ratio is the figure, absolute times belong to the machine of the moment.
 */
const args = process.argv.slice(2);
const option = (name: string): string | undefined =>
  args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined;
const only = option('only')?.split(',');
const rounds = Number(option('rounds') ?? 3);
const jsonFile = option('json');
const serverUrl = process.env['DATABASE_URL'] ?? '';
const redisUrl = process.env['REDIS_URL'];
const report: Record<string, unknown> = {
  at: new Date().toISOString(),
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  rounds,
};

const wants = (name: string) => only === undefined || only.includes(name);

async function repeat<T>(name: string, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 1; round <= rounds; round++) {
    const result = await run();
    results.push(result);
    console.log(
      `  ${name}, round ${round}: ${JSON.stringify(result, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value))}`,
    );
  }
  return results;
}

function show(name: string, figures: Record<string, number | string>): void {
  report[name] = figures;
  console.log(
    `${name}: ${Object.entries(figures)
      .map(([key, value]) => `${key} ${typeof value === 'number' ? Math.round(value * 1000) / 1000 : value}`)
      .join(' · ')}`,
  );
}

function drainFigures(results: readonly DrainFigures[]): Record<string, number> {
  const of = (pick: (figures: DrainFigures) => number) => median(results.map(pick));
  return {
    'floor /s': of((f) => f.floorPerSecond),
    'drain /s': of((f) => f.perSecond),
    ratio: of((f) => f.ratio),
    'CPU ms per email': of((f) => f.cpuMs),
    'of it worker': of((f) => f.workerCpuMs),
    'of it database': of((f) => f.databaseCpuMs),
    'floor CPU ms': of((f) => f.floorCpuMs),
  };
}

const drain = {
  serverUrl,
  redisUrl,
  emails: 20_000,
  bodyBytes: 5_000,
  concurrency: 64,
  latencyMs: 0,
  workers: 1,
};
if (wants('drain')) {
  show(
    'drain, 1 worker, 64 in flight, no latency',
    drainFigures(await repeat('drain', () => benchDrain(drain))),
  );
  show(
    'drain, 1 worker, 256 in flight, 30 ms latency',
    drainFigures(
      await repeat('drain 30 ms', () => benchDrain({ ...drain, concurrency: 256, latencyMs: 30 })),
    ),
  );
}
if (wants('drain4'))
  show(
    'drain, 4 workers, 64 in flight each, no latency',
    drainFigures(await repeat('drain 4', () => benchDrain({ ...drain, workers: 4 }))),
  );
if (wants('accept')) {
  for (const [connections, kilobytes, content, apis] of [
    [1, 5, 'x', 1],
    [64, 5, 'x', 1],
    [64, 5, 'html', 1],
    [64, 5, 'x', 2],
    [64, 5, 'html', 2],
    [256, 5, 'x', 1],
    [64, 1, 'x', 1],
    [64, 100, 'x', 1],
  ] as const) {
    const results = await repeat(`accept ${connections} × ${kilobytes} kB ${content}, ${apis} API`, () =>
      benchAccept({ serverUrl, redisUrl, connections, kilobytes, content, apis, batch: 0, seconds: 10 }),
    );
    const of = (pick: (figures: LoadFigures) => number) => median(results.map(({ accept }) => pick(accept)));
    show(
      `accept single, ${connections} connections, ${kilobytes} kB of ${content}, ${apis} API process${apis === 1 ? '' : 'es'}`,
      {
        'floor /s': median(results.map(({ floor }) => floor?.perSecond ?? Number.NaN)),
        'accept /s': of((f) => f.perSecond),
        ratio: median(results.map(({ ratio }) => ratio ?? Number.NaN)),
        'p50 ms': of((f) => f.p50),
        'p99 ms': of((f) => f.p99),
        refused: of((f) => f.refused),
      },
    );
  }
}
if (wants('batch')) {
  const results = await repeat('batch', async () => {
    const floor = await benchBareInserts(serverUrl, 5, 20_000);
    const { accept } = await benchAccept({
      serverUrl,
      redisUrl,
      connections: 4,
      kilobytes: 5,
      content: 'x',
      batch: 100,
      seconds: 6,
    });
    return {
      floor,
      perSecond: accept.perSecond * 100,
      ratio: (accept.perSecond * 100) / floor,
      refused: accept.refused,
    };
  });
  show('accept batch of 100 × 5 kB, 4 connections', {
    'floor rows/s': median(results.map((r) => r.floor)),
    'emails/s': median(results.map((r) => r.perSecond)),
    ratio: median(results.map((r) => r.ratio)),
  });
}
if (wants('events')) {
  const settings = { serverUrl, redisUrl, events: 50_000, sendsPerSecond: 20 };
  const results = await repeat('events', () => benchEvents(settings));
  const statements = await countEventStatements(settings);
  const of = (pick: (figures: (typeof results)[number]) => number) => median(results.map(pick));
  show('50 000 events in one burst, 1 API, 1 worker', {
    'taken in /s': of((f) => f.takenPerSecond),
    'folded /s': of((f) => f.foldedPerSecond),
    lost: Math.max(...results.map((f) => f.lost), statements.lost),
    'statements per event': statements.perEvent,
    'folding alone /s': statements.foldedPerSecond,
    'CPU ms per event': of((f) => f.cpuMs),
    'single send p50 ms, quiet': of((f) => f.quietP50),
    'p99 ms, quiet': of((f) => f.quietP99),
    'p50 ms, in the burst': of((f) => f.burstP50),
    'p99 ms, in the burst': of((f) => f.burstP99),
  });
}
const latency = { serverUrl, redisUrl, perSecond: 10, seconds: 20, neighbours: 0, backlogEach: 0 };
const latencyFigures = (results: readonly LatencyFigures[]) => ({
  'p50 ms': median(results.map((r) => r.p50)),
  'p99 ms': median(results.map((r) => r.p99)),
});
if (wants('latency')) {
  show(
    'request to SES at 10/s, PostgreSQL queue',
    latencyFigures(await repeat('latency', () => benchLatency({ ...latency, redisUrl: undefined }))),
  );
  if (redisUrl !== undefined)
    show(
      'request to SES at 10/s, Redis queue',
      latencyFigures(await repeat('latency', () => benchLatency(latency))),
    );
}
if (wants('fairness')) {
  const backlogEach = Number(option('backlog') ?? 100_000);
  const results = await repeat('fairness', async () => {
    // Six hundred mails: a p99 of two hundred is the second slowest.
    const quiet = await benchLatency({ ...latency, seconds: 60 });
    const busy = await benchLatency({ ...latency, seconds: 60, neighbours: 10, backlogEach });
    return {
      quiet: quiet.p99,
      busy: busy.p99,
      ratio: busy.p99 / quiet.p99,
      quietP50: quiet.p50,
      busyP50: busy.p50,
      acceptP50: busy.acceptP50,
      acceptP99: busy.acceptP99,
      backlogLeft: busy.backlogLeft,
    };
  });
  show(`single sends of one tenant while ten others have ${backlogEach} each queued`, {
    'p99 ms without': median(results.map((r) => r.quiet)),
    'p99 ms with': median(results.map((r) => r.busy)),
    ratio: median(results.map((r) => r.ratio)),
    'backlog left': median(results.map((r) => r.backlogLeft)),
  });
}
if (wants('pacing')) {
  for (const rate of [14, 50, 200]) {
    const results = await repeat(`pacing ${rate}`, () => benchPacing(serverUrl, redisUrl, rate, 12));
    show(`pacing, 2 workers, SES allows ${rate}/s and the connection uses 90 % of it`, {
      'of the allowed rate': median(results.map((r) => r.used)),
      'most in any second': Math.max(...results.map((r) => r.most)),
      'windows over the limit': Math.max(...results.map((r) => r.windowsOver)),
    });
  }
}
if (wants('sts')) {
  for (const seconds of [900, 3_600]) {
    const { atStart, perHour } = await benchSts(serverUrl, redisUrl, seconds);
    show(`AssumeRole per connection, fleet of 4, sessions of ${seconds} s`, {
      'at a cold start': atStart,
      'in an hour': perHour,
      'least possible': 3_600 / seconds,
    });
  }
}
if (wants('idle')) {
  const one = await benchIdle(serverUrl, redisUrl, 1);
  const many = await benchIdle(serverUrl, redisUrl, 10_000);
  show('10 000 idle connections against one', {
    'MB more': many.memoryMb - one.memoryMb,
    'MB more a minute later': many.restedMemoryMb - one.restedMemoryMb,
    'file descriptors more': many.sockets - one.sockets,
    'idle CPU ms per second': many.idleCpuMs,
    'with one': one.idleCpuMs,
    'AssumeRole calls': many.assumeRoles,
  });
}
if (wants('pages')) {
  // Loads a browser's library: only when it is asked for.
  const { benchPages, pagesTable } = await import('./pages.js');
  const pages = await benchPages({ serverUrl, rounds });
  report['pages'] = pages;
  console.log(pagesTable(pages));
}
if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
process.exit(0);
