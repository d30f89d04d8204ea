import { z } from 'zod';
import { isSesRegion } from '../regions.js';
import { newIdentity } from '../sesv2/identity-factory.js';
import { identityKey } from '../sesv2/send/sender-identity.js';
import { RollingWindow } from '../state/rolling-window.js';
import type { SesRegion } from '../state/ses-region.js';
import { AdminError } from './admin-error.js';
import type { AdminCall, AdminRoute } from './admin-router.js';
import { parseBody } from './parse-body.js';
import { presentSes } from './present-account.js';

const identityBody = z.strictObject({
  verified: z.boolean().default(true),
  mail_from_status: z.enum(['PENDING', 'SUCCESS', 'FAILED', 'TEMPORARY_FAILURE']).optional(),
});

const sesBody = z.strictObject({
  production_access: z.boolean().optional(),
  sending_enabled: z.boolean().optional(),
  enforcement_status: z.enum(['HEALTHY', 'PROBATION', 'SHUTDOWN']).optional(),
  max_send_rate: z.number().positive().optional(),
  max_24_hour_send: z.number().min(-1).optional(),
  sent_last_24_hours: z.int().min(0).optional(),
});

const sesOf = ({ world, params }: AdminCall): SesRegion => {
  const region = params['region'] ?? '';
  if (!isSesRegion(region)) throw new AdminError(`SES has no endpoint in ${region}`, 'region');
  return world.ses(params['account'] ?? '', region);
};

const IDENTITY = /^(?:[^\s@]+@)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

const putIdentity = (call: AdminCall): unknown => {
  const body = parseBody(call.request, identityBody);
  const name = call.params['identity'] ?? '';
  if (!IDENTITY.test(name)) throw new AdminError('an identity is a domain or an e-mail address', 'identity');
  const ses = sesOf(call);
  const identity =
    ses.identities.get(identityKey(name)) ?? newIdentity(ses, name, body.verified, call.world.clock.now());
  identity.isVerified = body.verified;
  identity.followsDns = false;
  if (body.mail_from_status !== undefined && identity.mailFrom !== null)
    identity.mailFrom.status = body.mail_from_status;
  ses.identities.set(identity.name, identity);
  call.world.onChange();
  return {
    identity: identity.name,
    type: identity.type,
    verified: identity.isVerified,
    arn: `arn:aws:ses:${ses.region}:${ses.accountId}:identity/${identity.name}`,
    dkim_tokens: identity.dkim.tokens,
  };
};

const deleteIdentity = (call: AdminCall): unknown => {
  if (!sesOf(call).identities.delete(identityKey(call.params['identity'] ?? '')))
    throw new AdminError('no such identity', 'identity', 404);
  call.world.onChange();
  return { deleted: true };
};

const patchSes = (call: AdminCall): unknown => {
  const body = parseBody(call.request, sesBody);
  const ses = sesOf(call);
  ses.productionAccess = body.production_access ?? ses.productionAccess;
  ses.sendingEnabled = body.sending_enabled ?? ses.sendingEnabled;
  ses.enforcementStatus = body.enforcement_status ?? ses.enforcementStatus;
  ses.maxSendRate = body.max_send_rate ?? ses.maxSendRate;
  ses.max24HourSend = body.max_24_hour_send ?? ses.max24HourSend;
  if (body.sent_last_24_hours !== undefined) {
    ses.sent = new RollingWindow();
    ses.sent.add(body.sent_last_24_hours, call.world.clock.now());
  }
  call.world.onChange();
  return presentSes(ses, call.world.clock.now());
};

export const SES_ROUTES: readonly AdminRoute[] = [
  { on: 'PUT /accounts/{account}/regions/{region}/identities/{identity}', run: putIdentity },
  { on: 'DELETE /accounts/{account}/regions/{region}/identities/{identity}', run: deleteIdentity },
  { on: 'PATCH /accounts/{account}/regions/{region}/ses', run: patchSes },
];
