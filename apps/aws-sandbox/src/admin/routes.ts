import { INBOX_ROUTES } from '../inbox/page.js';
import type { AdminRoute } from './admin-router.js';
import { CALL_ROUTES } from './call-routes.js';
import { CONTROL_ROUTES } from './control-routes.js';
import { DNS_ROUTES } from './dns-routes.js';
import { EVENT_ROUTES } from './event-routes.js';
import { MESSAGE_EVENT_ROUTES } from './message-event-routes.js';
import { MESSAGE_ROUTES } from './message-routes.js';
import { ROLE_ROUTES } from './role-routes.js';
import { SES_ROUTES } from './ses-routes.js';
import { USER_ROUTES } from './user-routes.js';

export const ADMIN_ROUTES: readonly AdminRoute[] = [
  ...CONTROL_ROUTES,
  ...ROLE_ROUTES,
  ...USER_ROUTES,
  ...SES_ROUTES,
  ...DNS_ROUTES,
  ...MESSAGE_ROUTES,
  ...MESSAGE_EVENT_ROUTES,
  ...EVENT_ROUTES,
  ...CALL_ROUTES,
  ...INBOX_ROUTES,
];
