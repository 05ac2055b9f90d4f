import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressWords } from '#service/enforcement/matcher/address-words';
import { formatAddress, parseAddress, type IpAddress } from '#shared/ip/index';

/** What the words say about a text; undefined for a text that is no address. */
const byWords = (text: string): IpAddress | undefined => {
  const words = new AddressWords();
  // What an earlier address left behind must not show.
  words.take({ family: 6, value: (1n << 128n) - 1n });
  return words.read(text) ? words.toAddress() : undefined;
};

const byParser = (text: string): IpAddress | undefined => {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address : undefined;
};

const expectAgreement = (text: string): void => {
  expect(byWords(text), text).toEqual(byParser(text));
};

const octets = fc.array(fc.oneof(fc.nat({ max: 255 }), fc.nat({ max: 300 })), {
  minLength: 3,
  maxLength: 5,
});
const groupText = fc.oneof(
  fc.nat({ max: 0xffff }).map((value) => value.toString(16)),
  fc.constantFrom('', '0', '00', '0000', 'ffff', 'FFFF', '12345', 'g', 'aB', '0db8'),
);
/** Groups with colons between, some of them doubled: about half of these are addresses. */
const colonText = fc
  .tuple(fc.array(groupText, { minLength: 1, maxLength: 9 }), fc.nat({ max: 9 }), octets, fc.boolean())
  .map(([groups, gap, tail, dotted]) => {
    const parts = dotted ? [...groups.slice(0, 7), tail.join('.')] : groups;
    return parts.length > gap ? [...parts.slice(0, gap), '', ...parts.slice(gap)].join(':') : parts.join(':');
  });
const typo = fc.tuple(
  fc.nat({ max: 45 }),
  fc.constantFrom('', ':', '::', '.', '0', 'f', '%', ' ', '/', '\u0660', '[', ']', '-', 'é', '1'),
);

describe('addresses as words', () => {
  it.each([
    '0.0.0.0',
    '255.255.255.255',
    '128.0.0.1',
    '::',
    '::1',
    '1::',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:DB8::A',
    '::ffff:203.0.113.9',
    '::ffff:cb00:7109',
    '0:0:0:0:0:ffff:cb00:7109',
    '64:ff9b::203.0.113.9',
    '64:ff9b::cb00:7109',
    '64:FF9B:0:0:0:0:cb00:7109',
    '64:ff9b:1::cb00:7109',
    '::1.2.3.4',
  ])('reads %s as the shared parser does', (text) => {
    expect(byWords(text)).toBeDefined();
    expectAgreement(text);
  });

  it.each([
    '',
    ':',
    ':::',
    '1:',
    ':1',
    '1:2',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'fe80::1%eth0',
    '[::1]',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.4 ',
    '::g',
    '::ffff:1.2.3',
    '::/0',
  ])('refuses "%s" as the shared parser does', (text) => {
    expect(byWords(text)).toBeUndefined();
    expectAgreement(text);
  });

  it('agrees with the shared parser on every address and on what is nearly one', () => {
    const whole = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV4Extended(),
      octets.map((each) => each.join('.')),
      colonText,
      fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => formatAddress({ family: 6, value })),
      fc.bigInt({ min: 0n, max: 0xffff_ffffn }).map((value) => formatAddress({ family: 4, value })),
    );
    fc.assert(
      fc.property(whole, typo, (text, [place, insert]) => {
        const [before, behind] = [text.slice(0, place), text.slice(place)];
        expectAgreement(text);
        expectAgreement(before + insert + behind);
        expectAgreement(before + behind.slice(1));
      }),
      { numRuns: 20_000 },
    );
  });

  it('agrees with the shared parser on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F:.]{0,45}$/)), expectAgreement),
      { numRuns: 20_000 },
    );
  });
});
