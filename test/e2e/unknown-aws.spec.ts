import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

/**
 * An STS and SES that shares nothing with the sandbox: no signatures, no policies, other request ids, other headers.
 * It only answers as the AWS documentation says, so whatever passes here rests on the wire formats alone.
 */
function startStub(
  sent: string[],
  externalIds: (string | undefined)[],
): Promise<{ server: Server; url: string }> {
  let known: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const answer = (status: number, type: string, text: string, headers: Record<string, string> = {}) => {
        response.writeHead(status, { 'content-type': type, ...headers }).end(text);
      };
      if (request.url === '/v2/email/account') {
        answer(
          200,
          'application/json',
          JSON.stringify({
            ProductionAccessEnabled: true,
            SendingEnabled: true,
            EnforcementStatus: 'HEALTHY',
            SendQuota: { Max24HourSend: -1, MaxSendRate: 100, SentLast24Hours: 0 },
          }),
        );
      } else if (request.url === '/v2/email/outbound-emails') {
        const parsed = JSON.parse(body) as { ConfigurationSetName?: string };
        if (parsed.ConfigurationSetName !== undefined) {
          answer(404, 'application/json', JSON.stringify({ Message: 'Configuration set does not exist.' }), {
            'x-amzn-ErrorType': 'NotFoundException:http://internal.amazon.com/',
          });
          return;
        }
        sent.push(body);
        answer(200, 'application/json', JSON.stringify({ MessageId: `stub-${sent.length}` }));
      } else {
        const form = new URLSearchParams(body);
        if (form.get('Action') === 'GetCallerIdentity') {
          answer(
            200,
            'text/xml',
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::999988887777:user/other</Arn><UserId>AIDAX</UserId><Account>999988887777</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
          );
          return;
        }
        const externalId = form.get('ExternalId') ?? undefined;
        externalIds.push(externalId);
        known ??= externalId;
        if (externalId === undefined || externalId !== known) {
          answer(
            403,
            'text/xml',
            '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>',
          );
          return;
        }
        const until = new Date(Date.now() + Number(form.get('DurationSeconds')) * 1000).toISOString();
        answer(
          200,
          'text/xml',
          `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROAX:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/Role/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIASTUB</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        );
      }
    });
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    ),
  );
}

describe('an STS and SES that the product has never seen', () => {
  const sent: string[] = [];
  const externalIds: (string | undefined)[] = [];
  let stub: { server: Server; url: string };
  let stack: Stack;

  beforeAll(async () => {
    stub = await startStub(sent, externalIds);
    stack = await startStack({ awsEndpoint: stub.url });
  }, 120_000);
  afterAll(async () => {
    await stack?.close();
    stub?.server.close();
  });

  it('proves the role and sends, with only the endpoint variables changed', async () => {
    const customer = await Customer.create(stack);
    const connection = await customer.newConnection();
    await customer.api('PATCH', `/v1/connections/${connection.id}`, {
      role_arn: 'arn:aws:iam::123456789012:role/Role',
    });
    await customer.untilStatus(connection.id, 'active');
    expect(externalIds).toContain(undefined);
    expect(new Set(externalIds).size).toBeGreaterThanOrEqual(3);
    expect(sent).toEqual([]);
    const id = await customer.send();
    expect(await customer.untilEmail(id, 'sent')).toMatchObject({ ses_message_id: 'stub-1' });
    expect(sent).toHaveLength(1);
  });
});
