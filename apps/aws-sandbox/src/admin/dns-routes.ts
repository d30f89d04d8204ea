import { z } from 'zod';
import { DNS_TYPES, type DnsType } from '../dns/zone.js';
import { followDnsEverywhere } from '../sesv2/follow-dns.js';
import { AdminError } from './admin-error.js';
import type { AdminCall, AdminRoute } from './admin-router.js';
import { parseBody } from './parse-body.js';

const NAME = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}\.?$/;
const HOST = /^[A-Za-z0-9._-]{1,253}$/;
const VALUES: Readonly<Record<DnsType, RegExp>> = {
  A: /^(?:\d{1,3}\.){3}\d{1,3}$/,
  CNAME: HOST,
  MX: /^\d{1,5} [A-Za-z0-9._-]{1,253}$/,
  TXT: /^[ -~]{1,4000}$/,
};

const body = z.strictObject({ values: z.array(z.string()).min(1).max(50) });

const nameAndType = ({ params }: AdminCall): { name: string; type: DnsType } => {
  const { name = '', type = '' } = params;
  const known = DNS_TYPES.find((each) => each === type.toUpperCase());
  if (!NAME.test(name)) throw new AdminError('not a host name', 'name');
  if (known === undefined) throw new AdminError(`one of ${DNS_TYPES.join(', ')}`, 'type');
  return { name, type: known };
};

const putRecord = (call: AdminCall): unknown => {
  const { name, type } = nameAndType(call);
  const { values } = parseBody(call.request, body);
  if (!values.every((value) => VALUES[type].test(value)))
    throw new AdminError(`not what a ${type} record holds`, 'values');
  if (type === 'CNAME' && values.length > 1) throw new AdminError('a name has one CNAME', 'values');
  call.world.zone.put(name, type, values);
  followDnsEverywhere(call.world);
  call.world.onChange();
  return { name, type, values };
};

const deleteRecord = (call: AdminCall): unknown => {
  const { name, type } = nameAndType(call);
  if (!call.world.zone.delete(name, type)) throw new AdminError('no such record', 'name', 404);
  call.world.onChange();
  return { deleted: true };
};

/** What is published in the DNS that the sandbox serves, and by which SES in the sandbox verifies domains. */
export const DNS_ROUTES: readonly AdminRoute[] = [
  { on: 'GET /dns', run: ({ world }) => world.zone.list() },
  { on: 'PUT /dns/{name}/{type}', run: putRecord },
  { on: 'DELETE /dns/{name}/{type}', run: deleteRecord },
];
