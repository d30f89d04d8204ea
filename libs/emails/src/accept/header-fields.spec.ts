import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldValue, scanHead, withoutFields, type Head } from './header-fields.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');

function headOf(message: Buffer): Head {
  const head = scanHead(message);
  if ('problem' in head) throw new Error(head.problem);
  return head;
}

/** Name and unfolded value of each header. */
const shown = (text: string) => {
  const message = Buffer.from(text);
  return headOf(message).fields.map((field) => [field.name, fieldValue(message, field)]);
};

describe('scanHead', () => {
  it.each<[string, [string, string][]]>([
    ['From: a\r\nTo: b\r\n\r\nBody: c\r\n', [['from', 'a'], ['to', 'b']]], // prettier-ignore
    ['Subject: one\r\n two\r\n\tthree\r\n\r\n', [['subject', 'one two\tthree']]],
    ['Bcc : x\r\n\r\n', [['bcc', 'x']]],
    ['X-Empty:\r\nX-Fold:\r\n value\r\n\r\n', [['x-empty', ''], ['x-fold', 'value']]], // prettier-ignore
    ['Subject: Grüße\r\n\r\n', [['subject', 'Grüße']]],
    ['A: only a head\r\n', [['a', 'only a head']]],
    ['\r\nA: body\r\n', []],
    ['', []],
  ])('finds the headers of %j', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it('reads bytes that are not UTF-8 as Latin-1', () => {
    const message = bytes('Subject: Gr\xfc\xdfe\r\n\r\n');
    const [field] = headOf(message).fields;
    expect(field && fieldValue(message, field)).toBe('Grüße');
  });

  it.each([
    ['From: a\r\nno colon\r\n\r\n', 'has a line 2 that is no header'],
    ['From sender@example.com Mon Jan 1\r\nFrom: a\r\n\r\n', 'has a line 1 that is no header'],
    [': no name\r\n\r\n', 'has a line 1 that is no header'],
    ['B cc: x\r\n\r\n', 'has a line 1 that is no header'],
    ['B\xe4cc: x\r\n\r\n', 'has a line 1 that is no header'],
    [' folded\r\n\r\n', 'begins with a folded line'],
    ['A: b\r\n'.repeat(1_001), 'has more than 1000 headers'],
  ])('refuses %j', (text, problem) => {
    expect(scanHead(bytes(text))).toEqual({ problem });
  });
});

const name = fc.constantFrom(
  'From',
  'To',
  'Bcc',
  'BCC',
  'X-Ses-Tag',
  'Resend-Idempotency-Key',
  'Subject',
  'X',
);
const text = fc.string({
  unit: fc.constantFrom('a', ' ', ':', '=', 'ü', '\u00ff', ';', 'Bcc:'),
  maxLength: 20,
});
const line = fc.record({
  name,
  gap: fc.constantFrom('', ' ', '\t'),
  first: text,
  folds: fc.array(text, { maxLength: 3 }),
});
const message = fc.record({
  lines: fc.array(line, { maxLength: 8 }),
  body: fc.option(
    fc.string({ unit: fc.constantFrom('a', '\r\n', 'Bcc: x\r\n', '\u00ff', ' ', '.'), maxLength: 20 }),
  ),
});
const dropped = (header: string) => /^(bcc|x-ses-.*|resend-idempotency-key)$/i.test(header);

describe('withoutFields', () => {
  it('takes away the lines of those headers, folded ones whole, and no other byte', () => {
    fc.assert(
      fc.property(message, ({ lines, body }) => {
        const written = lines.map(({ name: header, gap, first, folds }) => ({
          header,
          text: [`${header}${gap}:${first}`, ...folds.map((fold) => ` ${fold}`)].join('\r\n') + '\r\n',
        }));
        const end = body === null ? '' : `\r\n${body}`;
        const whole = bytes(written.map((one) => one.text).join('') + end);
        const kept = bytes(
          written
            .filter(({ header }) => !dropped(header))
            .map((one) => one.text)
            .join('') + end,
        );
        const head = headOf(whole);
        expect(
          withoutFields(
            whole,
            head.fields.filter((field) => dropped(field.name)),
          ),
        ).toEqual(kept);
        expect(withoutFields(whole, [])).toBe(whole);
        expect(head.fields).toHaveLength(lines.length);
        expect(whole.subarray(head.end).toString('latin1')).toBe(end);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it('never fails, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        const head = scanHead(Buffer.from(any));
        if ('problem' in head) return;
        for (const { start, valueStart, end } of head.fields) {
          expect(start).toBeLessThan(valueStart);
          expect(valueStart).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(any.length);
        }
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });
});
