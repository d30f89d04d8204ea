import { describe, expect, it } from '@jest/globals';
import { aDomain, anIdentity } from '../test/fixtures.js';
import type { Domain } from './domain.js';
import { expectedRecords } from './records.js';

const spf = [
  'MX send.mail.example.com 10 feedback-smtp.eu-west-1.amazonses.com',
  'TXT send.mail.example.com v=spf1 include:amazonses.com ~all',
];
const dkim = ['t1', 't2', 't3'].map(
  (token) => `CNAME ${token}._domainkey.mail.example.com ${token}.dkim.amazonses.com`,
);
const dmarc = ['TXT _dmarc.mail.example.com v=DMARC1; p=none;'];
const { dkim: easy } = anIdentity();

describe('the records of a domain', () => {
  it.each<[string, Partial<Domain>, string[]]>([
    ['that SES has made', {}, [...spf, ...dkim, ...dmarc]],
    ['that SES was not asked about yet', { identity: null, ownership: null }, [...spf, ...dmarc]],
    [
      'whose MAIL FROM could not be set yet',
      { identity: anIdentity({ mailFrom: null }) },
      [...spf, ...dkim, ...dmarc],
    ],
    [
      'in a region with a DKIM zone of its own',
      {
        region: 'eu-central-2',
        identity: anIdentity({
          dkim: { ...easy, tokens: ['t1'], hostedZone: 'dkim.eu-central-2.amazonses.com' },
        }),
      },
      [
        'MX send.mail.example.com 10 feedback-smtp.eu-central-2.amazonses.com',
        'TXT send.mail.example.com v=spf1 include:amazonses.com ~all',
        'CNAME t1._domainkey.mail.example.com t1.dkim.eu-central-2.amazonses.com',
        ...dmarc,
      ],
    ],
    [
      'with a return path of its own',
      { name: 'example.com', returnPath: 'bounce', identity: null },
      [
        'MX bounce.example.com 10 feedback-smtp.eu-west-1.amazonses.com',
        'TXT bounce.example.com v=spf1 include:amazonses.com ~all',
        'TXT _dmarc.example.com v=DMARC1; p=none;',
      ],
    ],
    [
      "adopted, with the customer's own MAIL FROM",
      {
        ownership: 'adopted',
        identity: anIdentity({ mailFrom: { domain: 'his.mail.example.com', status: 'SUCCESS' } }),
      },
      [...spf.map((record) => record.replace('send.', 'his.')), ...dkim, ...dmarc],
    ],
    [
      "adopted, with SES's MAIL FROM",
      { ownership: 'adopted', identity: anIdentity({ mailFrom: null }) },
      [...dkim, ...dmarc],
    ],
    [
      "adopted, with the customer's own DKIM key",
      {
        ownership: 'adopted',
        identity: anIdentity({ mailFrom: null, dkim: { ...easy, isEasy: false, tokens: ['selector'] } }),
      },
      dmarc,
    ],
  ])('%s', (_, fields, expected) => {
    const records = expectedRecords(aDomain(fields));
    expect(
      records.map(({ type, fqdn, priority, value }) =>
        [type, fqdn, ...(priority === null ? [] : [priority]), value].join(' '),
      ),
    ).toEqual(expected);
    expect(records.filter(({ isAdvice }) => isAdvice).map(({ kind }) => kind)).toEqual(['DMARC']);
  });
});
