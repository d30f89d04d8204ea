/**
 * The floor: bare client-sesv2 calls in a loop, nothing else. `node floor-sesv2.js <url> <concurrency> <count> <body kB>`
 * Prints emails per second and CPU milliseconds per email.
 */
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent } from 'node:http';

const [, , url = '', concurrency = '64', count = '5000', kilobytes = '5'] = process.argv;
const client = new SESv2Client({
  region: 'eu-west-1',
  endpoint: url,
  credentials: { accessKeyId: 'ASIABENCH', secretAccessKey: 'secret', sessionToken: 't'.repeat(400) },
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler({
    httpAgent: new Agent({ keepAlive: true, maxSockets: Number(concurrency) }),
  }),
});
const html = 'x'.repeat(Number(kilobytes) * 1000);

async function run(total: number): Promise<void> {
  let left = total;
  const one = async () => {
    while (left-- > 0) {
      await client.send(
        new SendEmailCommand({
          FromEmailAddress: 'Sender <hello@example.com>',
          Destination: { ToAddresses: ['success@simulator.amazonses.com'] },
          EmailTags: [{ Name: 'sesame_email_id', Value: '01a20cc1-95af-7000-9bfd-e8391c7f87dc' }],
          Content: {
            Simple: {
              Subject: { Data: 'Hello', Charset: 'UTF-8' },
              Body: { Html: { Data: html, Charset: 'UTF-8' } },
            },
          },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, one));
}

await run(Math.min(1_000, Number(count)));
const cpu = process.cpuUsage();
const start = performance.now();
await run(Number(count));
const seconds = (performance.now() - start) / 1000;
const used = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    event: 'floor',
    perSecond: Number(count) / seconds,
    cpuMs: (used.user + used.system) / 1000 / Number(count),
  }),
);
process.exit(0);
