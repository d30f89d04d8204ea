import { SANDBOX_PLATFORM } from './aws-variables.mjs';

/** The content of `$SESAME_HOME/local.json`: what scripts need to know about a running `npm start`. */
export function localFile({ addresses, seed }) {
  const { sandboxUrl } = addresses;
  return {
    api_url: addresses.apiUrl,
    dashboard_url: addresses.dashboardUrl,
    docs_url: `${addresses.apiUrl}/docs`,
    smtp: addresses.smtp,
    sandbox_url: sandboxUrl,
    inbox_url: sandboxUrl === null ? null : `${sandboxUrl}/_sandbox/inbox`,
    organization_id: seed.organization_id,
    organization_key: seed.organization_key,
    project_id: seed.project_id,
    api_key: seed.api_key,
    connection_id: seed.connection_id,
    admin_email: seed.admin_email ?? null,
    admin_password: seed.admin_password ?? null,
    sandbox:
      sandboxUrl === null ? null : { platform_account_id: SANDBOX_PLATFORM.accountId, ...seed.customer },
  };
}
