import { operation } from '../operation.js';
import { flag, list, oneOf, optional, required, structure } from '../shape.js';

const getAccount = operation({
  name: 'GetAccount',
  routes: ['GET /v2/email/account'],
  input: structure({}),
  run: ({ ses, now }) => ({
    DedicatedIpAutoWarmupEnabled: false,
    EnforcementStatus: ses.enforcementStatus,
    ProductionAccessEnabled: ses.productionAccess,
    SendQuota: {
      Max24HourSend: ses.max24HourSend,
      MaxSendRate: ses.maxSendRate,
      SentLast24Hours: ses.sent.total(now),
    },
    SendingEnabled: ses.sendingEnabled && ses.enforcementStatus !== 'SHUTDOWN',
    SuppressionAttributes: { SuppressedReasons: ses.suppressedReasons },
    // Absent until somebody has configured it, as in AWS.
    ...(ses.vdmEnabled ? { VdmAttributes: { VdmEnabled: 'ENABLED' } } : {}),
  }),
});

const putAccountSuppressionAttributes = operation({
  name: 'PutAccountSuppressionAttributes',
  routes: ['PUT /v2/email/account/suppression'],
  input: structure({ SuppressedReasons: optional(list(oneOf('BOUNCE', 'COMPLAINT'))) }),
  run: ({ ses }, input) => {
    ses.suppressedReasons = [...new Set(input.SuppressedReasons ?? [])];
  },
});

const putAccountSendingAttributes = operation({
  name: 'PutAccountSendingAttributes',
  routes: ['PUT /v2/email/account/sending'],
  input: structure({ SendingEnabled: optional(flag()) }),
  run: ({ ses }, input) => {
    ses.sendingEnabled = input.SendingEnabled ?? false;
  },
});

const putAccountVdmAttributes = operation({
  name: 'PutAccountVdmAttributes',
  routes: ['PUT /v2/email/account/vdm'],
  input: structure({
    VdmAttributes: required(structure({ VdmEnabled: required(oneOf('ENABLED', 'DISABLED')) })),
  }),
  run: ({ ses }, input) => {
    ses.vdmEnabled = input.VdmAttributes.VdmEnabled === 'ENABLED';
  },
});

export const ACCOUNT_OPERATIONS = [
  getAccount,
  putAccountSuppressionAttributes,
  putAccountSendingAttributes,
  putAccountVdmAttributes,
];
