import { ACCOUNT_OPERATIONS } from './control/account-operations.js';
import { CONFIGURATION_SET_OPERATIONS } from './control/configuration-set-operations.js';
import { CONFIGURATION_SET_OPTION_OPERATIONS } from './control/configuration-set-option-operations.js';
import { EVENT_DESTINATION_OPERATIONS } from './control/event-destination-operations.js';
import { IDENTITY_ATTRIBUTE_OPERATIONS } from './control/identity-attribute-operations.js';
import { IDENTITY_OPERATIONS } from './control/identity-operations.js';
import { IDENTITY_POLICY_OPERATIONS } from './control/identity-policy-operations.js';
import { SUPPRESSION_OPERATIONS } from './control/suppression-operations.js';
import { TAG_OPERATIONS } from './control/tag-operations.js';
import { TEMPLATE_OPERATIONS } from './control/template-operations.js';
import type { SesOperation } from './operation.js';
import { sendBulkEmailOperation } from './send/send-bulk-email.js';
import { sendEmailOperation } from './send/send-email.js';

/** Every SES API v2 operation the sandbox knows. */
export const SES_OPERATIONS: readonly SesOperation[] = [
  sendEmailOperation,
  sendBulkEmailOperation,
  ...ACCOUNT_OPERATIONS,
  ...IDENTITY_OPERATIONS,
  ...IDENTITY_ATTRIBUTE_OPERATIONS,
  ...IDENTITY_POLICY_OPERATIONS,
  ...CONFIGURATION_SET_OPERATIONS,
  ...CONFIGURATION_SET_OPTION_OPERATIONS,
  ...EVENT_DESTINATION_OPERATIONS,
  ...SUPPRESSION_OPERATIONS,
  ...TEMPLATE_OPERATIONS,
  ...TAG_OPERATIONS,
];
