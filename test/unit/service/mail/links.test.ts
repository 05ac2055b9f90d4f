import { describe, expect, it } from 'vitest';
import type { Proposal } from '#shared/domain/proposal';
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
    const nothing = { proposal: null };
    expect(linksOf('https://gate.example/x', 't', nothing, true).deny).toBe(
      'https://gate.example/x/mail/t/deny',
    );
    expect(linksOf('https://gate.example/x', 't', nothing, false).deny).toBeUndefined();
  });

  it('accept what is proposed, but for a list of which a person has to choose', () => {
    const acceptOf = (proposal: Proposal | null) =>
      linksOf('https://gate.example', 't', { proposal }, false).accept;
    expect(acceptOf({ kind: 'range', cidr: '203.0.113.0/28', covers: 2 })).toBe(
      'https://gate.example/mail/t/accept',
    );
    expect(acceptOf({ kind: 'network', asn: 64_500, ipv4Addresses: null, covers: 2 })).toBeDefined();
    expect(acceptOf({ kind: 'preset', preset: 'aws', covers: 2 })).toBeUndefined();
    expect(acceptOf(null)).toBeUndefined();
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
