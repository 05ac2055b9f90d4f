import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import type { Proposal } from '#shared/domain/proposal';
import { blockedEmail, type BlockedAddresses } from '#service/mail/blocked-email';
import { buildMessage } from '#service/mail/compose';
import { emailHtml, emailText } from '#service/mail/email-layout';
import { linksOf, newLinkToken } from '#service/mail/links';

const PREVIEWS = join(import.meta.dirname, '../../../../test-output/mail');

const HOSTILE = `"><script>alert(1)</script>\r\nBcc: victim@example.com\r\n\r\n<b>'`;

const review = (changes: Partial<Review> = {}): Review => ({
  id: '01K00000000000000000000000',
  ip: '203.0.113.9',
  addressCount: 1,
  callers: [],
  keyId: '01K00000000000000000000001',
  keyName: 'Production',
  status: 'pending',
  reason: 'untrusted',
  firstAt: '2026-11-24T11:02:03.000Z',
  lastAt: '2026-11-24T11:04:40.000Z',
  count: 14,
  score: -30,
  evidence: [
    { signal: 'same-country', weight: 10, detail: 'The key is used from Germany already.' },
    { signal: 'unknown-burst', weight: -25, detail: 'Fourteen unknown addresses within an hour.' },
  ],
  suggestedCidr: '203.0.113.0/24',
  proposal: null,
  country: 'NL',
  region: null,
  asn: 64500,
  asName: 'Example Hosting',
  decidedBy: null,
  decidedAt: null,
  note: null,
  rangeId: null,
  version: 1,
  ...changes,
});

const inFull = (changes: Partial<Review> = {}, mayUpdateKeys = true) => ({
  review: review(changes),
  keyPrefix: 'gk_1a2B3c4',
  links: linksOf('https://gate.example.com', newLinkToken(), review(changes), mayUpdateKeys),
});

const blocked = (changes: Partial<BlockedAddresses> = {}): BlockedAddresses => ({
  recipient: 'ada@example.com',
  accountName: 'Example Ltd',
  isReported: false,
  total: 1,
  isMore: false,
  byKey: [{ keyName: 'Production', count: 1 }],
  reviews: [inFull()],
  listed: [],
  consoleLink: 'https://gate.example.com/reviews',
  linksEndAt: Date.UTC(2026, 10, 25, 11, 4, 42),
  ...changes,
});

/** Both parts of the e-mail, which also become files that a person can look at. */
const written = (name: string, value: BlockedAddresses) => {
  const email = blockedEmail(value);
  const parts = { subject: email.subject, text: emailText(email), html: emailHtml(email) };
  mkdirSync(PREVIEWS, { recursive: true });
  writeFileSync(join(PREVIEWS, `${name}.txt`), parts.text);
  writeFileSync(join(PREVIEWS, `${name}.html`), parts.html);
  return parts;
};

const build = (value: BlockedAddresses) =>
  buildMessage(
    blockedEmail(value),
    {
      id: '01K00000000000000000000009',
      account_id: '01K0000000000000000000000A',
      created_at: Date.UTC(2026, 10, 24, 11, 4, 42),
    },
    { name: 'Gatehouse', address: 'gate@example.com' },
  );

const FACTS = [
  '203.0.113.9',
  'Netherlands (NL)',
  'AS64500 Example Hosting',
  'Production',
  'gk_1a2B3c4',
  'Tue, 24 Nov 2026, 11:02:03 UTC',
  'Tue, 24 Nov 2026, 11:04:40 UTC',
  '14',
  'The key is used from Germany already.',
  'Fourteen unknown addresses within an hour.',
  'Wed, 25 Nov 2026, 11:04:42 UTC',
];

describe('an e-mail about a review with a proposal', () => {
  const proposing = (proposal: Proposal) => {
    const value = blocked({ reviews: [inFull({ proposal })] });
    return { ...written(`proposal-${proposal.kind}`, value), accept: value.reviews[0]?.links.accept };
  };
  /** A message is cut into lines of a page, and HTML escapes quotation marks. */
  const plain = (text: string): string => text.replaceAll('&quot;', '"').replaceAll(/\s+/g, ' ');

  it.each<[Proposal, string[]]>([
    [
      { kind: 'network', asn: 64_500, ipv4Addresses: 65_536, covers: 3 },
      [
        'This is one of 3 addresses in AS64500 Example Hosting that "Production" is used from, with the same agent. The whole network has 65,536 IPv4 addresses; it would be let in for this key only.',
        'Authorize the network',
      ],
    ],
    [
      { kind: 'range', cidr: '203.0.113.0/28', covers: 2 },
      ['203.0.113.0/28 holds all of them: 16 addresses', 'Authorize 203.0.113.0/28'],
    ],
  ])('says what it lets in, with a link of its own: $0.kind', (proposal, says) => {
    const { text, html, accept = '-' } = proposing(proposal);
    for (const words of [...says, 'for this API key only', accept]) {
      expect(plain(text)).toContain(words);
      expect(plain(html)).toContain(words);
    }
  });

  it('leads to the console where services and regions are to be chosen', () => {
    const { text, accept } = proposing({ kind: 'preset', preset: 'aws', covers: 2 });
    expect(accept).toBeUndefined();
    expect(text).toContain('the list of Amazon Web Services lets in only the services and regions');
    expect(text).toContain('https://gate.example.com/reviews/01K00000000000000000000000');
    expect(text).not.toContain('/accept');
  });

  it('keeps hostile names on one line', () => {
    const proposal: Proposal = { kind: 'network', asn: 64_500, ipv4Addresses: null, covers: 2 };
    const { text, html } = written(
      'proposal-hostile',
      blocked({ reviews: [inFull({ proposal, keyName: HOSTILE, asName: HOSTILE })] }),
    );
    expect(html).not.toContain('<script>');
    expect(text).not.toMatch(/^Bcc:/m);
  });
});

describe('an e-mail about one review', () => {
  it('says everything in text and in HTML alike', () => {
    const value = blocked();
    const { subject, text, html } = written('one', value);
    const links = value.reviews[0]?.links;
    for (const fact of [...FACTS, links?.authorize ?? '-', links?.deny ?? '-', links?.deactivate ?? '-']) {
      expect(text).toContain(fact);
      expect(html).toContain(fact);
    }
    expect(subject).toBe('Blocked: 203.0.113.9 tried to use API key "Production"');
  });

  it('says in its text every word that its HTML shows', () => {
    const { text, html } = written('one', blocked());
    const shown = html
      .replace(/^[\s\S]*<body[^>]*>\s*<div[\s\S]*?<\/div>/, '')
      .replaceAll(/<span style="position:absolute[\s\S]*?<\/span>|<[^>]*>/g, ' ')
      .replaceAll('&quot;', '"');
    for (const word of shown.split(/\s+/).filter((each) => each !== 'Gatehouse'))
      expect(text).toContain(word);
  });

  it('says how many addresses of a /64 it is about, and authorizes the one', () => {
    const { subject, text } = written(
      'network',
      blocked({ reviews: [inFull({ ip: '2001:db8::1', addressCount: 24 })] }),
    );
    expect(subject).toBe(
      'Blocked: 2001:db8::1 and 23 more addresses in 2001:db8::/64 tried to use API key "Production"',
    );
    expect(text).toContain('2001:db8::1 and 23 more addresses in 2001:db8::/64 were blocked');
    expect(text).toContain('came from addresses that are not authorized');
    expect(text).toContain('Authorize 2001:db8::1\n');
  });

  it('does not offer to update the key to somebody who may not', () => {
    const { text, html } = written('no-keys', blocked({ reviews: [inFull({}, false)] }));
    for (const said of [text, html]) {
      expect(said).not.toContain('/deny');
      expect(said).not.toMatch(/update the (API )?key/i);
      expect(said).toContain('/authorize');
      expect(said).toContain('/deactivate');
    }
  });

  it('asks nothing from the network and runs nothing', () => {
    const { html } = written('one', blocked());
    expect(html).not.toMatch(/<img|<script|<link|<iframe|@import|url\(|\bsrc=|\bon\w+=/i);
    for (const [, address] of html.matchAll(/href="([^"]*)"/g)) {
      expect(address).toMatch(/^https:\/\/gate\.example\.com\/mail\//);
    }
  });

  it('is a message that programs know as made by a program', async () => {
    const message = await build(blocked());
    const mail = await simpleParser(message.raw);
    expect(mail.messageId).toBe('<01K00000000000000000000009@example.com>');
    expect(mail.date).toEqual(new Date('2026-11-24T11:04:42.000Z'));
    expect(mail.from?.text).toBe('"Gatehouse" <gate@example.com>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('mime-version')).toBe('1.0');
    expect(message.raw.toString().replaceAll('\r\n ', ' ')).toContain(
      'List-ID: Gatehouse reviews <01k0000000000000000000000a.reviews.gatehouse.example.com>\r\n',
    );
    expect(mail.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect(mail.text).toContain('Authorize this address');
    expect(mail.html).toContain('Authorize this address');
    // Lines of any length are broken, and every byte is ASCII: no server on the way can damage it.
    expect(message.raw.toString('latin1')).toMatch(/^[\x09\x0a\x0d\x20-\x7e]*$/);
    expect(
      Math.max(
        ...message.raw
          .toString()
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(998);
  });
});

describe('names that strangers chose', () => {
  const hostile = blocked({
    accountName: 'Account',
    isReported: false,
    byKey: [{ keyName: HOSTILE, count: 1 }],
    reviews: [
      inFull({
        keyName: HOSTILE,
        asName: HOSTILE,
        country: HOSTILE,
        evidence: [{ signal: 'known-agent', weight: 1, detail: HOSTILE }],
      }),
    ],
  });

  it('end no header and add none', async () => {
    const { raw } = await build(hostile);
    const mail = await simpleParser(raw);
    expect(mail.bcc).toBeUndefined();
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(raw.toString()).not.toMatch(/^Bcc:/im);
    expect([...mail.headers.keys()]).not.toContain('bcc');
  });

  it('are text in the HTML, and one line in the text', () => {
    const { text, html } = written('hostile', hostile);
    expect(html).not.toMatch(/<script|<b>'/);
    expect(html).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/^Bcc:/m);
  });

  it('do not make the subject long', () => {
    const long = blocked({ byKey: [{ keyName: 'x'.repeat(500), count: 1 }] });
    expect(blockedEmail(long).subject.length).toBeLessThan(120);
  });
});

describe('an e-mail about many', () => {
  const ips = Array.from({ length: 88 }, (_, index) => `198.51.100.${index + 1}`);
  const value = blocked({
    total: 12_345,
    byKey: [
      { keyName: 'Production', count: 12_000 },
      { keyName: 'Staging', count: 345 },
    ],
    reviews: ips.slice(0, 8).map((ip) => inFull({ ip })),
    listed: ips.slice(8).map((ip) => review({ ip })),
  });
  const { subject, text, html } = written('many', value);

  it('names each that it can, and counts the rest', () => {
    for (const said of [text, html]) {
      for (const ip of ips) expect(said).toMatch(new RegExp(`${ip.replaceAll('.', '\\.')}\\D`));
      expect(said).toContain('12,257 more addresses');
      expect(said).toContain('12,345 addresses were blocked');
      expect(said).toContain('12,000');
    }
    expect(subject).toBe('Blocked: 12,345 addresses tried to use 2 API keys');
  });

  it('has choices for each of the first, and one way to deactivate', () => {
    expect([...html.matchAll(/\/authorize"/g)].length).toBe(8);
    expect([...html.matchAll(/\/deactivate"/g)].length).toBe(1);
  });

  it('is short enough not to be cut off', () => {
    // Gmail shows the first 102 KB of a message.
    expect(html.length).toBeLessThan(100_000);
  });
});
