import { createHash } from 'node:crypto';
import { AdminReply, type AdminRoute } from '../admin/admin-router.js';
import { INBOX_SCRIPT } from './script.js';
import { INBOX_STYLE } from './style.js';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox inbox</title>
<style>${INBOX_STYLE}</style>
</head>
<body>
<header>
<h1>Sandbox inbox</h1>
<small id="count" aria-live="polite"></small>
<input type="search" id="search" placeholder="Search" aria-label="Search subject and addresses">
<button id="clear" type="button">Delete all</button>
</header>
<ul id="list" aria-label="Messages"></ul>
<main>
<div id="head"></div>
<div id="tabs" role="tablist" hidden><button type="button" role="tab" data-view="html">HTML</button><button type="button" role="tab" data-view="text">Text</button><button type="button" role="tab" data-view="raw">Raw</button></div>
<div id="body"></div>
</main>
<script type="module">${INBOX_SCRIPT}</script>
</body>
</html>
`;

// The script is allowed by its hash, so nothing a message brings along can run, and nothing is loaded from elsewhere.
const scriptHash = createHash('sha256').update(INBOX_SCRIPT).digest('base64');
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'sha256-${scriptHash}'`,
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "frame-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

const inbox = (): AdminReply =>
  new AdminReply({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
    },
    body: PAGE,
  });

export const INBOX_ROUTES: readonly AdminRoute[] = [
  { on: 'GET /inbox', run: inbox },
  {
    on: 'GET ',
    run: () => new AdminReply({ status: 302, headers: { location: '/_sandbox/inbox' }, body: '' }),
  },
];
