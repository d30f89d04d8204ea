/**
 * The cheapest AWS there can be, as the floor and the product both talk to it: STS that always grants, SES that always
 * accepts, after a latency. Its own process, so that it can sit on the other core. `node bare-aws.js [latency ms] [record]`
 */
import { createServer } from 'node:http';

const latencyMs = Number(process.argv[2] ?? 0);
let sent = 0;
let assumed = 0;
/** When which email arrived, in monotonic nanoseconds (the same clock in every process of this machine). */
const arrivals = new Map<string, string>();
const isRecording = process.argv[3] === 'record';
const tag = '"sesame_email_id","Value":"';

const account = JSON.stringify({
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  EnforcementStatus: 'HEALTHY',
  SendQuota: { Max24HourSend: -1, MaxSendRate: 1_000_000, SentLast24Hours: 0 },
});

const server = createServer({ keepAlive: true }, (request, response) => {
  const { url = '' } = request;
  if (url === '/v2/email/outbound-emails') {
    let seen = '';
    if (isRecording) request.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    else request.resume();
    request.on('end', () => {
      sent += 1;
      if (isRecording) {
        const at = seen.indexOf(tag) + tag.length;
        arrivals.set(seen.slice(at, at + 36), String(process.hrtime.bigint()));
      }
      const answer = () =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(`{"MessageId":"bare-${sent}"}`);
      if (latencyMs > 0) setTimeout(answer, latencyMs);
      else answer();
    });
    return;
  }
  if (url === '/v2/email/account') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(account);
    return;
  }
  if (url === '/arrivals') {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(Object.fromEntries(arrivals)));
    return;
  }
  if (url === '/counts') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ sent, assumed }));
    return;
  }
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const form = new URLSearchParams(body);
    response.writeHead(200, { 'content-type': 'text/xml' });
    if (form.get('Action') === 'GetCallerIdentity') {
      response.end(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/bench</Arn><UserId>AIDABENCH</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
      return;
    }
    assumed += 1;
    const expiration = new Date(
      Date.now() + Number(form.get('DurationSeconds') ?? 3600) * 1000,
    ).toISOString();
    response.end(
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROABENCH:s</AssumedRoleId><Arn>arn:aws:sts::444455556666:assumed-role/Sender/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIABENCH${assumed}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>${'t'.repeat(400)}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string')
    console.log(JSON.stringify({ event: 'bare-aws.ready', url: `http://127.0.0.1:${address.port}` }));
});
process.on('disconnect', () => process.exit(0));
