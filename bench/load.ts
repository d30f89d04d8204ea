/**
 * Sends requests for a while and prints what came back.
 * `node load.js <urls, between commas> <path> <key> <connections> <seconds> <body kB> <batch size, 0 for single> <x or html>`
 */
import { Pool } from 'undici';

const [
  ,
  ,
  urls = '',
  path = '/emails',
  key = '',
  connections = '64',
  seconds = '5',
  kilobytes = '5',
  batch = '0',
  content = 'x',
] = process.argv;
const pools = urls
  .split(',')
  .map((url) => new Pool(url, { connections: Number(connections), pipelining: 1 }));
const line = '<tr>\n  <td style="padding: 8px 16px">Your order of 12 items is on its way.</td>\n</tr>\n';
const bytes = Number(kilobytes) * 1000;
const html = content === 'x' ? 'x'.repeat(bytes) : line.repeat(Math.ceil(bytes / line.length));
const email = (index: number) => ({
  from: 'Sender <hello@example.com>',
  to: [`p${index}@example.net`],
  subject: 'Hello',
  html,
  // As SDKs that render both parts send it.
  ...(content !== 'x' && { text: 'Your order of 12 items is on its way.\n'.repeat(Math.ceil(bytes / 200)) }),
});
const size = Number(batch);
const body = Buffer.from(
  JSON.stringify(size === 0 ? email(0) : Array.from({ length: size }, (_, index) => email(index))),
);
const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };

let isRunning = true;
let done = 0;
let refused = 0;
const latencies: number[] = [];

async function one(_: unknown, index: number): Promise<void> {
  const pool = pools[index % pools.length];
  if (pool === undefined) throw new Error('no URL');
  while (isRunning) {
    const start = performance.now();
    const answer = await pool.request({ path, method: 'POST', headers, body });
    await answer.body.dump();
    if (answer.statusCode < 300) done += 1;
    else refused += 1;
    latencies.push(performance.now() - start);
  }
}

async function run(forSeconds: number): Promise<number> {
  isRunning = true;
  done = 0;
  refused = 0;
  latencies.length = 0;
  const start = performance.now();
  const timer = setTimeout(() => (isRunning = false), forSeconds * 1000);
  await Promise.all(Array.from({ length: Number(connections) }, one));
  clearTimeout(timer);
  return (performance.now() - start) / 1000;
}

// Until the compiler has seen it all: at first a request costs three times as much.
await run(5);
const took = await run(Number(seconds));
latencies.sort((a, b) => a - b);
const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
console.log(JSON.stringify({ event: 'load', perSecond: done / took, refused, p50: at(0.5), p99: at(0.99) }));
process.exit(0);
