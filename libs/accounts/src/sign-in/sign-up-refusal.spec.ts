import { describe, expect, it } from '@jest/globals';
import { signUpRefusal } from './sign-up-refusal.js';

describe('signUpRefusal', () => {
  it.each([
    ['open', false, false, undefined],
    ['open', true, true, undefined],
    ['open', true, false, 'not valid'],
    ['invited', false, false, 'invitation is needed'],
    ['invited', true, true, undefined],
    ['invited', true, false, 'not valid'],
    ['closed', false, false, 'operator'],
    ['closed', true, true, 'operator'],
  ] as const)('%s, invitation %s, valid %s: %s', (mode, hasInvitation, isInvited, expected) => {
    const refusal = signUpRefusal(mode, hasInvitation, isInvited);
    if (expected === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(expected);
  });
});
