import { describe, expect, it } from '@jest/globals';
import { newId, Sealer } from '#libs/crypto';
import { newSigningSecret, openSecret, openSecrets, sealPreviousSecret, sealSecret } from './secrets.js';
import { readMessageId, showMessageId } from './message-id.js';

const sealer = new Sealer(`k1:${Buffer.alloc(32, 7).toString('base64')}`);

describe('signing secrets', () => {
  it('are whsec_ and standard base64 of 32 bytes', () => {
    for (let round = 0; round < 50; round++) {
      const secret = newSigningSecret();
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    }
  });

  it('open in their own row only, newest first', () => {
    const [id, other] = [newId(), newId()];
    const sealed = {
      sealedSecret: sealSecret(sealer, id, 'whsec_new'),
      previousSealedSecret: sealPreviousSecret(sealer, id, 'whsec_old'),
    };
    expect(openSecrets(sealer, id, sealed)).toEqual(['whsec_new', 'whsec_old']);
    expect(openSecrets(sealer, id, { ...sealed, previousSealedSecret: null })).toEqual(['whsec_new']);
    expect(() => openSecret(sealer, other, sealed.sealedSecret)).toThrow();
    expect(() => openSecret(sealer, id, sealed.previousSealedSecret)).toThrow();
  });
});

describe('the id of a message', () => {
  it('is shown with msg_ and read back', () => {
    const id = newId();
    expect(readMessageId(showMessageId(id))).toBe(id);
  });

  it.each(['', 'msg_', 'msg_1', '01930000-0000-7000-8000-000000000000', "msg_'; DROP TABLE webhooks"])(
    'is not %j',
    (shown) => {
      expect(readMessageId(shown)).toBeUndefined();
    },
  );
});
