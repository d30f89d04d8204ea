import { describe, expect, it } from '@jest/globals';
import { proofOf } from './proof.js';

const proofId = '019a5b1e-1234-7000-8000-0000deadbeef';
const record = (eventType: string, tags: object) => JSON.stringify({ eventType, mail: { tags } });

describe('proofOf', () => {
  it('knows the delivery of a proof', () => {
    expect(proofOf(record('Delivery', { sesame_proof: [proofId] }))).toEqual({ proofId, isDelivery: true });
    expect(proofOf(record('Send', { sesame_proof: [proofId] }))).toEqual({ proofId, isDelivery: false });
  });

  it.each([
    ['mail of ours', record('Delivery', { sesame_email_id: [proofId] })],
    [
      'a subject that only talks of it',
      JSON.stringify({ eventType: 'Send', mail: { subject: '"sesame_proof"' } }),
    ],
    ['a value that is no id', record('Send', { sesame_proof: ['x'] })],
    ['text', '"sesame_proof"'],
    ['broken JSON', '{"sesame_proof"'],
  ])('leaves %s alone', (_, body) => {
    expect(proofOf(body)).toBeUndefined();
  });
});
