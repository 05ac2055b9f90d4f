import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { Account, Range } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';

const HIDDEN = [
  ['a line end', 'Office\nBcc: x@example.com', 'U+000A'],
  ['a control character', 'Off\u001bice', 'U+001B'],
  ['a mark that turns the direction', 'Office \u202egnp.exe', 'U+202E'],
  ['an isolate', 'Off\u2066ice', 'U+2066'],
  ['an Arabic letter mark', 'Off\u061cice', 'U+061C'],
  ['a zero-width space', 'Off\u200bice', 'U+200B'],
  ['a tag', 'Office\u{e0041}', 'U+E0041'],
  ['nothing that is seen', '\u200d', 'seen'],
] as const;

describe('a name or a label', () => {
  const world = useControlPlane();

  describe.each(HIDDEN)('with %s', (_what, text, number) => {
    it('is refused wherever it is given, by its field', async () => {
      const { service } = world;
      await service.api('/v1/ranges', { body: { cidr: '192.0.2.1' } });
      const { items } = (await service.api('/v1/ranges')).json as { items: Range[] };
      const { me } = (await service.api('/v1/account')).json as Account;
      const calls = [
        ['name', '/v1/keys', 'POST', { name: text }],
        ['name', `/v1/users/${me.userId}/tokens`, 'POST', { name: text }],
        ['name', '/v1/account', 'PATCH', { name: text }],
        ['label', '/v1/ranges', 'POST', { cidr: '192.0.2.2', label: text }],
        ['label', `/v1/ranges/${items[0]?.id ?? ''}`, 'PATCH', { label: text }],
        ['email', '/v1/users', 'POST', { email: `${text}@example.com` }],
      ] as const;
      for (const [field, path, method, body] of calls) {
        const refused = problem(await service.api(path, { method, body }));
        expect(refused).toMatchObject({ status: 400, code: 'invalid_request', field });
        if (field !== 'email') expect(refused.detail).toContain(number);
      }
    });

    it('is rejected as an operation, and as a line of an import', async () => {
      const { service } = world;
      const operation = {
        ...{ id: ulid(), madeAt: '2026-01-15T12:00:00Z', type: 'range.add' },
        ...{ cidr: '192.0.2.3', label: text },
      };
      const applied = await service.api('/v1/operations', { body: { operations: [operation] } });
      expect(applied.json).toMatchObject({
        results: [{ status: 'rejected', detail: expect.stringMatching(/label.*seen/) as string }],
      });
      // A line end ends the line of an import before it can be in a label.
      if (text.includes('\n')) return;
      const imported = await service.api('/v1/ranges/import', { body: { text: `192.0.2.4,${text}` } });
      expect(imported.json).toMatchObject({
        results: [
          { status: 'invalid', code: 'invalid_label', detail: expect.stringMatching(/^label: /) as string },
        ],
      });
    });
  });

  it('may be in any script, with the joiners that it is spelt with', async () => {
    for (const name of ['事務所', 'نمی\u200cخواهم', '👩\u200d👩\u200d👧 ❤️']) {
      expect((await world.service.api('/v1/keys', { body: { name } })).json).toMatchObject({ key: { name } });
      const range = { cidr: '192.0.2.9', label: name };
      const { items } = (await world.service.api('/v1/ranges', { body: range })).json as { items: Range[] };
      expect(items[0]?.label).toBe(name);
      await world.service.api(`/v1/ranges/${items[0]?.id ?? ''}`, { method: 'DELETE' });
    }
  });
});
