// The few commands of the AWS CLI that Sesame tells customers to paste, done to the sandbox. A command or option that it does
// not know fails, as it would if it were mistyped.
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const commands = {
  'iam get-role': { 'role-name': text, query: text, output: text },
  'iam create-role': {
    'role-name': text,
    path: text,
    'assume-role-policy-document': text,
    'max-session-duration': text,
  },
  'iam update-assume-role-policy': { 'role-name': text, 'policy-document': text },
  'iam update-role': { 'role-name': text, 'max-session-duration': text },
  'iam put-role-policy': { 'role-name': text, 'policy-name': text, 'policy-document': text },
  'sesv2 put-account-sending-attributes': { 'sending-enabled': { type: 'boolean' }, region: text },
  'sesv2 create-email-identity': { 'email-identity': text, region: text },
};

const [service, operation, ...args] = process.argv.slice(2);
const name = `${service} ${operation}`;
const options = commands[name];
if (options === undefined) fail(`unknown command ${name}`);
const { values: given } = parseArgs({ args, options, strict: true });

async function admin(method, path, body) {
  const response = await fetch(process.env.SANDBOX + path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.status === 404) fail('An error occurred (NoSuchEntity)');
  if (!response.ok) fail(await response.text());
  return response.json();
}

async function editRole(change) {
  const path = `/roles/${given['role-name']}`;
  const { trust_policy, policies, max_session_duration, path: rolePath } = await admin('GET', path);
  const role = { trust_policy, policies, max_session_duration, path: rolePath };
  await admin('PUT', path, { ...role, ...change(role) });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(254);
}

switch (name) {
  case 'iam get-role': {
    const role = await admin('GET', `/roles/${given['role-name']}`);
    process.stdout.write(`${given.query === 'Role.Arn' ? role.arn : JSON.stringify(role)}\n`);
    break;
  }
  case 'iam create-role':
    await admin('PUT', `/roles/${given['role-name']}`, {
      trust_policy: JSON.parse(given['assume-role-policy-document']),
      max_session_duration: Number(given['max-session-duration'] ?? 3600),
      path: given.path ?? '/',
    });
    break;
  case 'iam update-assume-role-policy':
    await editRole(() => ({ trust_policy: JSON.parse(given['policy-document']) }));
    break;
  case 'iam update-role':
    await editRole(() => ({ max_session_duration: Number(given['max-session-duration']) }));
    break;
  case 'iam put-role-policy':
    await editRole(({ policies }) => ({
      policies: { ...policies, [given['policy-name']]: JSON.parse(given['policy-document']) },
    }));
    break;
  case 'sesv2 put-account-sending-attributes':
    await admin('PATCH', `/regions/${given.region}/ses`, { sending_enabled: given['sending-enabled'] });
    break;
  case 'sesv2 create-email-identity':
    // With the records in DNS, which SES then finds.
    await admin('PUT', `/regions/${given.region}/identities/${given['email-identity']}`, { verified: true });
    break;
}
