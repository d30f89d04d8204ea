import { describe, expect, it } from '@jest/globals';
import { withConfigurationSet } from './with-configuration-set.js';

describe('withConfigurationSet', () => {
  const payload = '{"FromEmailAddress":"a@example.com","Content":{"Raw":{"Data":"e30="}}}';

  it('adds it to the request and changes nothing else', () => {
    expect(JSON.parse(withConfigurationSet(payload, 'sesame-1'))).toEqual({
      ...(JSON.parse(payload) as object),
      ConfigurationSetName: 'sesame-1',
    });
  });

  it('leaves the request alone without one', () => {
    expect(withConfigurationSet(payload, undefined)).toBe(payload);
  });
});
