import { describe, expect, it } from '@jest/globals';
import { renameOldFields } from './aliases.js';

function renamed(body: unknown): unknown {
  renameOldFields(body);
  return body;
}

describe('renameOldFields', () => {
  it.each([
    ['replyTo', 'reply_to'],
    ['scheduledAt', 'scheduled_at'],
    ['topicId', 'topic_id'],
  ])('%s is %s', (old, name) => {
    expect(renamed({ [old]: 'old' })).toMatchObject({ [name]: 'old' });
    expect(renamed({ [old]: 'old', [name]: 'new' })).toMatchObject({ [name]: 'new' });
    expect(renamed({ [name]: '', [old]: 'old' })).toMatchObject({ [name]: '' });
    // Null means absent.
    expect(renamed({ [old]: 'old', [name]: null })).toMatchObject({ [name]: 'old' });
  });

  it.each([
    ['contentType', 'content_type'],
    ['contentId', 'content_id'],
  ])('%s of an attachment is %s', (old, name) => {
    expect(renamed({ attachments: [{}, { [old]: 'old' }, { [old]: 'old', [name]: 'new' }] })).toMatchObject({
      attachments: [{}, { [name]: 'old' }, { [name]: 'new' }],
    });
  });

  it.each([
    [{ from: 'a', reply_to: ['b'], attachments: [{ content_id: 'c' }] }],
    [{ attachments: 'no list' }],
    [{ attachments: [null, 5, 'x', []] }],
    [[]],
    ['text'],
    [null],
    [undefined],
    [7],
  ])('changes nothing of %j', (body) => {
    expect(renamed(structuredClone(body))).toEqual(body);
  });
});
