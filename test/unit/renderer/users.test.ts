import { describe, expect, it } from 'vitest';
import type { User } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import {
  areSame,
  emailProblem,
  expiresAtOf,
  rightsOf,
  rightsWords,
  sortUsers,
  tokenNameProblem,
  withPermission,
} from '../../../renderer/src/features/users/model';
import { NOW, ulid } from '../../component/builders';

const person = (index: number, fields: Partial<User> = {}): User => ({
  id: ulid(index),
  email: `user-${index}@example.com`,
  role: 'user',
  permissions: [],
  createdAt: NOW.toISOString(),
  ...fields,
});

describe('users', () => {
  it('are sorted with oneself first, then the owners', () => {
    const users = [person(4), person(3), person(2, { role: 'owner' }), person(9)];
    expect(sortUsers(users, ulid(9)).map(({ email }) => email.slice(0, 6))).toEqual([
      'user-9',
      'user-2',
      'user-3',
      'user-4',
    ]);
  });

  it('may change what their rights say; what only a newer console knows gives nothing', () => {
    expect(rightsWords(person(1, { role: 'owner' }))).toBe('Everything');
    expect(rightsWords(person(1))).toBe('Nothing, may only look');
    expect(rightsWords(person(1, { permissions: ['api_keys', 'authorized_ips'] }))).toBe(
      'Authorized IPs, API keys',
    );
    expect(rightsWords(person(1, { permissions: [UNRECOGNISED] }))).toBe('Nothing, may only look');
    expect(rightsOf(person(1, { role: UNRECOGNISED, permissions: [UNRECOGNISED] }))).toEqual({
      role: 'user',
      permissions: [],
    });
  });

  it('have the same rights whatever permissions an owner is named with', () => {
    expect(areSame({ role: 'owner', permissions: [] }, { role: 'owner', permissions: ['api_keys'] })).toBe(
      true,
    );
    expect(areSame({ role: 'user', permissions: [] }, { role: 'user', permissions: ['api_keys'] })).toBe(
      false,
    );
    expect(areSame({ role: 'user', permissions: [] }, { role: 'owner', permissions: [] })).toBe(false);
  });

  it('get and lose permissions in one order', () => {
    expect(withPermission(['api_keys'], 'authorized_ips', true)).toEqual(['authorized_ips', 'api_keys']);
    expect(withPermission(['authorized_ips', 'api_keys'], 'api_keys', false)).toEqual(['authorized_ips']);
  });
});

describe('what is typed about a user or a token', () => {
  it.each(['', 'ana', 'ana@', '@example.com', 'a b@example.com'])(
    'refuses the e-mail address "%s"',
    (text) => {
      expect(emailProblem(text)).not.toBeNull();
    },
  );
  it('takes an e-mail address with spaces around it', () => {
    expect(emailProblem(' ana@example.com ')).toBeNull();
  });
  it.each(['', '  ', 'x'.repeat(101), 'a\u202eb'])('refuses the name "%s"', (text) => {
    expect(tokenNameProblem(text)).not.toBeNull();
  });
  it('counts an expiry from now', () => {
    const nowMs = Date.UTC(2026, 0, 1);
    expect([expiresAtOf('30', nowMs), expiresAtOf('never', nowMs)]).toEqual([
      '2026-01-31T00:00:00.000Z',
      null,
    ]);
  });
});
