import type { JsonClient } from './http-json.js';
import type { DemoCustomer } from './seed-file.js';

const ACCOUNT = '444455556666';
const ROLE_NAME = 'SesameSender';

export const DEMO_CUSTOMER: DemoCustomer = {
  customer_account_id: ACCOUNT,
  role_name: ROLE_NAME,
  role_arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE_NAME}`,
  region: 'eu-west-1',
  verified_domain: 'demo.example.com',
};

interface Kit {
  trust_policy: unknown;
  permissions_policy: unknown;
}

/** Does in the sandbox what a customer does in AWS: creates the role of the kit, verifies a domain, leaves the SES sandbox. */
export async function setUpCustomer(
  sandbox: JsonClient,
  api: JsonClient,
  connectionId: string,
): Promise<void> {
  const kit = await api.call<Kit>(`/v1/connections/${connectionId}/kit?purpose=send&format=json`);
  const account = `/_sandbox/accounts/${ACCOUNT}`;
  const region = `${account}/regions/${DEMO_CUSTOMER.region}`;
  await sandbox.call(`${account}/roles/${ROLE_NAME}`, {
    method: 'PUT',
    body: {
      trust_policy: kit.trust_policy,
      policies: { SesameSend: kit.permissions_policy },
      max_session_duration: 43_200,
    },
  });
  await sandbox.call(`${region}/identities/${DEMO_CUSTOMER.verified_domain}`, {
    method: 'PUT',
    body: { verified: true },
  });
  await sandbox.call(`${region}/ses`, {
    method: 'PATCH',
    body: { production_access: true, max_send_rate: 50, max_24_hour_send: 50_000 },
  });
}
