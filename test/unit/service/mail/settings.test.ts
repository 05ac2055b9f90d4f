import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig, SettingError } from '#service/config';
import { defaultMailFrom, parseMailFrom, parseSmtpUrl } from '#service/mail/settings';
import { makeCertificate } from '#test/support/certificate';

describe('GATEHOUSE_SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, tls: 'starttls' }],
    ['smtp://mail.example.com:2525/', { port: 2525, tls: 'starttls' }],
    ['smtps://mail.example.com', { port: 465, tls: 'implicit' }],
    ['smtps://mail.example.com:4650', { port: 4650, tls: 'implicit' }],
    ['smtp://localhost:25', { host: 'localhost', port: 25, tls: 'off' }],
    ['smtp://127.0.0.1:25', { tls: 'off' }],
    ['smtp://[::1]:25', { host: '::1', tls: 'off' }],
    ['smtp://localhost:25?tls=required', { tls: 'starttls' }],
    ['smtp://mail.example.com?tls=off', { tls: 'off' }],
    // No loopback, whatever it looks like.
    ['smtp://127.0.0.1.example.com', { tls: 'starttls' }],
    ['smtp://localhost.example.com', { tls: 'starttls' }],
  ])('%s', (url, expected) => {
    expect(parseSmtpUrl(url)).toMatchObject(expected);
  });

  it('takes user name and password with every character', () => {
    expect(parseSmtpUrl('smtp://ada%40example.com:p%25%3A%2F%40%20x@mail.example.com').credentials).toEqual({
      user: 'ada@example.com',
      password: 'p%:/@ x',
    });
  });

  it('takes certificates of one’s own', () => {
    const certificate = makeCertificate();
    const { file, cert } = certificate;
    expect(parseSmtpUrl(`smtp://mail.example.com?ca=${file}`).ca).toBe(cert);
    for (const text of ['something else', '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n']) {
      writeFileSync(file, text);
      expect(() => readConfig({ GATEHOUSE_SMTP_URL: `smtp://mail.example.com?ca=${file}` })).toThrow(
        /^GATEHOUSE_SMTP_URL: ca: .* no certificate/,
      );
    }
    certificate.remove();
  });

  it.each([
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://ada:secret-word@',
    'smtp://ada@mail.example.com',
    'smtp://:secret-word@mail.example.com',
    'smtp://ada:secret%-word@mail.example.com',
    'smtp://ada:secret-word@mail.example.com?tls=off',
    'smtp://ada:secret-word@mail.example.com?tls=maybe',
    'smtps://ada:secret-word@mail.example.com?tls=off',
    'smtp://ada:secret-word@mail.example.com?pool=true',
    'smtp://ada:secret-word@mail.example.com/inbox',
    'smtp://ada:secret-word@mail.example.com#x',
    'smtp://ada:secret-word@mail.example.com:0',
    'smtp://ada:secret-word@mail.example.com:99999',
    'smtp://ada:secret-word@mail.example.com?ca=/nowhere/ca.pem',
  ])('%s is refused by a sentence that names the variable and never the password', (url) => {
    const refused = (): unknown => readConfig({ GATEHOUSE_SMTP_URL: url });
    expect(refused).toThrow(SettingError);
    expect(refused).toThrow(/^GATEHOUSE_SMTP_URL: .{10,}/);
    expect(refused).not.toThrow(/secret/);
  });
});

describe('GATEHOUSE_MAIL_FROM', () => {
  it.each([
    ['gate@example.com', { name: '', address: 'gate@example.com' }],
    ['Gate <gate@example.com>', { name: 'Gate', address: 'gate@example.com' }],
    ['"Gate, Ltd" <gate@example.com>', { name: 'Gate, Ltd', address: 'gate@example.com' }],
    ['gatehouse@localhost', { name: '', address: 'gatehouse@localhost' }],
  ])('%s', (text, expected) => {
    expect(parseMailFrom(text)).toEqual(expected);
  });

  it.each([
    'nobody',
    'Gate <nobody>',
    'Gate <gate@example.com> more',
    'a@example.com, b@example.com',
    'Gate\r\nBcc: x@example.com <gate@example.com>',
    'gate@example.com\nBcc: x@example.com',
  ])('%j is refused by a sentence that names the variable', (text) => {
    expect(() => readConfig({ GATEHOUSE_MAIL_FROM: text })).toThrow(/^GATEHOUSE_MAIL_FROM: .{10,}/);
  });

  it('is gatehouse at the public host where it is not set', () => {
    expect(defaultMailFrom('https://gate.example.com/x').address).toBe('gatehouse@gate.example.com');
    expect(defaultMailFrom('http://127.0.0.1:8787').address).toBe('gatehouse@localhost');
    expect(defaultMailFrom('http://[::1]:8787').address).toBe('gatehouse@localhost');
  });
});

describe('without any setting', () => {
  it('there is no server, and no sender of one’s own', () => {
    expect(readConfig({})).toMatchObject({ smtp: undefined, mailFrom: undefined });
  });
});
