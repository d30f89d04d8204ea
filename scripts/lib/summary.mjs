/** What a person wants to know when everything runs. */
export function summary(local, { home, seconds }) {
  const rows = [
    ['API', local.api_url],
    ['API reference', local.docs_url],
    ['Dashboard', local.dashboard_url],
    [
      'SMTP',
      local.smtp === null
        ? null
        : `${local.smtp.host}:${local.smtp.port}, user resend, password: the API key`,
    ],
    ['Inbox (sandbox)', local.inbox_url],
    ['API key', local.api_key],
    ['Admin', local.admin_email === null ? null : `${local.admin_email} / ${local.admin_password}`],
    ['Everything else', `${home}/local.json, ${home}/logs`],
  ].filter(([, value]) => value !== null);
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  return ['', `Sesame is ready (${seconds}).`, '', ...lines, '', ...tryIt(local), 'Ctrl-C ends it.', ''].join(
    '\n',
  );
}

function tryIt(local) {
  if (local.sandbox === null)
    return [
      'The demo connection waits for a role ARN: see the API reference, PATCH /v1/connections/{id}.',
      '',
    ];
  const body = JSON.stringify({
    from: `Me <me@${local.sandbox.verified_domain}>`,
    to: 'success@simulator.amazonses.com',
    subject: 'Open sesame',
    text: 'It works.',
  });
  return [
    'Try it:',
    '',
    `  curl ${local.api_url}/emails -H 'Authorization: Bearer ${local.api_key}' \\`,
    `    -H 'Content-Type: application/json' -d '${body}'`,
    '',
  ];
}
