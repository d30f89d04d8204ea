import { describe, expect, it } from '@jest/globals';
import { prepareEmail } from '../accept/prepare-email.js';
import { readDestination, recipientsOf, withoutRecipients } from './destination.js';

const payloadOf = async (fields: object): Promise<string> => {
  const request = { from: 'a@example.com', to: 'b@example.net', subject: 's', text: 't', ...fields };
  return String((await prepareEmail(request, 0, new Date())).payload);
};

describe('the recipients of a payload', () => {
  it.each([
    ['one', { to: 'b@example.net' }, ['b@example.net']],
    [
      'all kinds',
      { to: ['b@example.net', 'C <c@example.net>'], cc: 'd@example.net', bcc: ['e@example.net'] },
      ['b@example.net', 'C <c@example.net>', 'd@example.net', 'e@example.net'],
    ],
    [
      'names with braces, quotes and backslashes',
      { to: ['"}\\" {\\\\," <b@example.net>', 'x} <c@example.net>'] },
      ['"}\\" {\\\\," <b@example.net>', 'x} <c@example.net>'],
    ],
    ['a sender who writes the key', { from: '"\\"Destination\\":{" <a@example.com>' }, ['b@example.net']],
    [
      'a body and a subject that write it',
      { subject: '"Destination":{', text: '"Destination":{}' },
      ['b@example.net'],
    ],
    [
      'raw content',
      { headers: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`X-Header-${index}`, 'v'])) },
      ['b@example.net'],
    ],
  ])('%s', async (_, fields, expected) => {
    expect(recipientsOf(readDestination(await payloadOf(fields)).destination)).toEqual(expected);
  });

  it('are taken out, and nothing else changes', async () => {
    const payload = await payloadOf({
      to: ['b@example.net', '"}\\"" <c@example.net>'],
      cc: ['d@example.net'],
      bcc: ['e@example.net', 'f@example.net'],
      html: '<p>"Destination":{"ToAddresses":["d@example.net"]}</p>',
    });
    const left = withoutRecipients(payload, (mailbox) => /c@|d@|f@/.test(mailbox));
    expect(JSON.parse(left)).toEqual({
      ...(JSON.parse(payload) as object),
      Destination: { ToAddresses: ['b@example.net'], BccAddresses: ['e@example.net'] },
    });
  });

  it('must be there', () => {
    for (const payload of ['{}', '{"Content":{"Simple":{}}}', '{"Destination":{'])
      expect(() => readDestination(payload)).toThrow('without a Destination');
  });
});
