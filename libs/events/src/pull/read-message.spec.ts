import { describe, expect, it } from '@jest/globals';
import { readMessage } from './read-message.js';

const record = '{"eventType":"Delivery"}';
const envelope = (fields: object) =>
  JSON.stringify({ Type: 'Notification', MessageId: 'sns-1', Message: record, ...fields });

describe('readMessage', () => {
  it('takes the record out of the envelope of SNS, under its id', () => {
    expect(readMessage('sqs-1', envelope({}))).toEqual({ transportId: 'sns-1', body: record });
  });

  it('takes a bare record under the id of SQS', () => {
    expect(readMessage('sqs-1', record)).toEqual({ transportId: 'sqs-1', body: record });
  });

  it('keeps what it cannot read for the fold to put aside', () => {
    expect(readMessage('sqs-1', 'no JSON')).toEqual({ transportId: 'sqs-1', body: 'no JSON' });
  });

  it.each([
    [
      'the test message of SES',
      { Message: 'Successfully validated SNS topic for Amazon SES event publishing.' },
    ],
    ['what is no notification', { Type: 'SubscriptionConfirmation' }],
  ])('leaves out %s', (_, fields) => {
    expect(readMessage('sqs-1', envelope(fields))).toBeUndefined();
  });
});
