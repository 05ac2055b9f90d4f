import { describe, expect, it } from 'vitest';
import { redact } from '#shared/domain/log-line';

describe('what gets into a log', () => {
  it.each([
    [{ token: 'abc' }],
    [{ encryptedToken: 'abc' }],
    [{ deep: { list: [{ secret: 'abc' }] } }],
    [{ headers: { Authorization: 'abc' } }],
    [{ 'api-key': 'abc' }],
    [{ message: 'sent Bearer abc to the service' }],
    [{ line: `curl -H 'api-key: abc' http://x` }],
    [{ line: '{"authorization":"abc"}' }],
    [{ url: 'https://me:abc@example.com/' }],
  ])('%o loses its secret', (details) => {
    expect(JSON.stringify(redact(details))).not.toContain('abc');
  });

  it('loses keys and tokens of the service wherever they stand', () => {
    const text = 'key gk_AbCdEfGhIjKlMn and token gt_0123456789abcdef';
    expect(redact({ text })).toEqual({ text: 'key gk_[redacted] and token gt_[redacted]' });
  });

  it('keeps what is no secret', () => {
    const details = { reviewId: '01J', count: 3, keyId: 'k', nothing: null, list: ['a'] };
    expect(redact(details)).toEqual(details);
  });

  it('takes errors and circles', () => {
    const circle: Record<string, unknown> = { error: new Error('Bearer abcdef') };
    circle['self'] = circle;
    const text = JSON.stringify(redact(circle));
    expect(text).toContain('Error');
    expect(text).not.toContain('abcdef');
  });
});
