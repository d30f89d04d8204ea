import { describe, expect, it } from '@jest/globals';
import type { SesIdentityState } from '#libs/aws';
import { anIdentity, verifiedIdentity } from '../../test/fixtures.js';
import { searchMs } from '../decide-status.js';
import type { Ownership } from '../domain.js';
import { decideOwnership, domainTag, identitySteps, type IdentityStep } from './identity-steps.js';

const mailFrom = 'send.mail.example.com';
const { dkim } = anIdentity();

describe('identitySteps', () => {
  it.each<[string, SesIdentityState | undefined, Ownership | null, number, IdentityStep[]]>([
    ['makes what is not there', undefined, null, 0, ['create']],
    ['makes nothing again after the time of waiting', undefined, null, searchMs, []],
    [
      'sets the MAIL FROM of what it has made',
      anIdentity({ mailFrom: null }),
      'created',
      0,
      ['set_mail_from'],
    ],
    [
      'puts a changed MAIL FROM right',
      anIdentity({ mailFrom: { domain: 'x.example.com', status: 'SUCCESS' } }),
      'created',
      searchMs,
      ['set_mail_from'],
    ],
    ['leaves alone what is as it should be', verifiedIdentity, 'created', 0, []],
    [
      'begins a search anew that SES gave up',
      anIdentity({ dkim: { ...dkim, status: 'FAILED' }, mailFrom: { domain: mailFrom, status: 'FAILED' } }),
      'created',
      0,
      ['set_mail_from', 'restart_dkim'],
    ],
    [
      'lets it rest when nobody waits any more',
      anIdentity({ dkim: { ...dkim, status: 'FAILED' }, mailFrom: { domain: mailFrom, status: 'FAILED' } }),
      'created',
      searchMs,
      [],
    ],
    [
      "never touches the customer's own",
      anIdentity({ mailFrom: null, dkim: { ...dkim, status: 'FAILED' } }),
      'adopted',
      0,
      [],
    ],
  ])('%s', (_, identity, ownership, elapsedMs, expected) => {
    expect(identitySteps(identity, ownership, mailFrom, elapsedMs)).toEqual(expected);
  });
});

describe('decideOwnership', () => {
  it.each<[string, Ownership | null, Record<string, string>, boolean, Ownership]>([
    ['what was found before us', null, {}, false, 'adopted'],
    ['what we made and forgot (a crash)', null, { [domainTag]: 'd1' }, false, 'created'],
    ['what was made for a domain that is gone', null, { [domainTag]: 'd0' }, false, 'created'],
    ['what another domain of ours owns', null, { [domainTag]: 'd0' }, true, 'adopted'],
    ['once adopted', 'adopted', { [domainTag]: 'd1' }, false, 'adopted'],
    ['once created', 'created', {}, true, 'created'],
  ])('of %s', (_, known, tags, isOwnedByAnother, expected) => {
    expect(decideOwnership('d1', known, { tags }, isOwnedByAnother)).toBe(expected);
  });
});
