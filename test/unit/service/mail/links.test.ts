import { describe, expect, it } from 'vitest';
import { confirmationOf, isConfirmation, linkHash, linksOf, newLinkToken } from '#service/mail/links';

describe('links', () => {
  it('have 256 random bits, of which only the hash is kept', () => {
    const tokens = new Set(Array.from({ length: 1_000 }, newLinkToken));
    expect(tokens.size).toBe(1_000);
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url').length).toBe(32);
      expect(linkHash(token)).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it.each(['', 'short', 'x'.repeat(44), `${'x'.repeat(42)}/`, `${'x'.repeat(42)}\n`])(
    '%j is no token',
    (text) => {
      expect(linkHash(text)).toBeUndefined();
    },
  );

  it('leave out what the recipient may not do', () => {
    expect(linksOf('https://gate.example/x', 't', true).deny).toBe('https://gate.example/x/mail/t/deny');
    expect(linksOf('https://gate.example/x', 't', false).deny).toBeUndefined();
  });
});

describe('the hidden value of a form', () => {
  it('is another one for each link and choice, and no part of the address', () => {
    const [one, two] = [newLinkToken(), newLinkToken()];
    expect(isConfirmation(one, 'deny', confirmationOf(one, 'deny'))).toBe(true);
    expect(isConfirmation(one, 'authorize', confirmationOf(one, 'deny'))).toBe(false);
    expect(isConfirmation(two, 'deny', confirmationOf(one, 'deny'))).toBe(false);
    expect(isConfirmation(one, 'deny', '')).toBe(false);
    expect(isConfirmation(one, 'deny', `${confirmationOf(one, 'deny')}x`)).toBe(false);
    expect(confirmationOf(one, 'deny')).not.toContain(one);
  });
});
