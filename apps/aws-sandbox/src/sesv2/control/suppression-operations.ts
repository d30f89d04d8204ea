import type { AwsError } from '../../aws-error.js';
import type { SuppressedDestination } from '../../state/ses-region.js';
import { badRequest, notFound } from '../errors.js';
import { operation, PAGING_QUERY } from '../operation.js';
import { requireAddress } from '../send/envelope.js';
import { oneOf, optional, required, structure, text, timestamp } from '../shape.js';
import { epochSeconds, pagingMembers } from './common.js';
import { reasonList } from './configuration-set-operations.js';
import { paginate } from './paginate.js';

const missing = (address: string): AwsError =>
  notFound(`Email address ${address} does not exist on your suppression list.`);

const present = (entry: SuppressedDestination): Record<string, unknown> => ({
  EmailAddress: entry.emailAddress,
  Reason: entry.reason,
  LastUpdateTime: epochSeconds(entry.updatedAt),
});

const putSuppressedDestination = operation({
  name: 'PutSuppressedDestination',
  routes: ['PUT /v2/email/suppression/addresses'],
  input: structure({
    EmailAddress: required(text({ min: 1 })),
    Reason: required(oneOf('BOUNCE', 'COMPLAINT')),
  }),
  run: ({ ses, now }, input) => {
    if (!ses.productionAccess)
      throw badRequest('This operation is not available while the account is in the sandbox.');
    requireAddress(input.EmailAddress);
    ses.suppressed.set(input.EmailAddress, {
      emailAddress: input.EmailAddress,
      reason: input.Reason,
      updatedAt: now,
    });
  },
});

const getSuppressedDestination = operation({
  name: 'GetSuppressedDestination',
  routes: ['GET /v2/email/suppression/addresses/{EmailAddress}'],
  input: structure({ EmailAddress: required(text()) }),
  run: ({ ses }, input) => {
    const entry = ses.suppressed.get(input.EmailAddress);
    if (entry === undefined) throw missing(input.EmailAddress);
    return { SuppressedDestination: present(entry) };
  },
});

const deleteSuppressedDestination = operation({
  name: 'DeleteSuppressedDestination',
  routes: ['DELETE /v2/email/suppression/addresses/{EmailAddress}'],
  input: structure({ EmailAddress: required(text()) }),
  run: ({ ses }, input) => {
    if (!ses.suppressed.delete(input.EmailAddress)) throw missing(input.EmailAddress);
  },
});

const listSuppressedDestinations = operation({
  name: 'ListSuppressedDestinations',
  routes: ['GET /v2/email/suppression/addresses'],
  query: {
    ...PAGING_QUERY,
    Reason: { member: 'Reasons', type: 'list' },
    StartDate: { member: 'StartDate', type: 'timestamp' },
    EndDate: { member: 'EndDate', type: 'timestamp' },
  },
  input: structure({
    ...pagingMembers,
    Reasons: optional(reasonList),
    StartDate: optional(timestamp()),
    EndDate: optional(timestamp()),
  }),
  run: ({ ses }, input) => {
    const { Reasons: reasons, StartDate: start = -Infinity, EndDate: end = Infinity } = input;
    const found = [...ses.suppressed.values()].filter(
      (entry) =>
        (reasons?.includes(entry.reason) ?? true) &&
        entry.updatedAt >= start * 1000 &&
        entry.updatedAt <= end * 1000,
    );
    const scope = `suppressed ${ses.region} ${reasons?.join() ?? ''} ${start} ${end}`;
    const page = paginate(found, (entry) => entry.emailAddress, scope, input, 1000);
    return { SuppressedDestinationSummaries: page.items.map(present), NextToken: page.NextToken };
  },
});

export const SUPPRESSION_OPERATIONS = [
  putSuppressedDestination,
  getSuppressedDestination,
  deleteSuppressedDestination,
  listSuppressedDestinations,
];
