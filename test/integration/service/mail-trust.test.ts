import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCertificate } from '#test/support/certificate';
import { useMailQueues } from '#test/support/service/mail-queue-world';
import { stopTestDatabases } from '#test/support/service/test-database';

const HOUR_MS = 3_600_000;
const IP = '198.51.100.7';

afterAll(stopTestDatabases);

describe('a mail server that cannot be trusted', () => {
  const { server, queue } = useMailQueues();
  const certificate = makeCertificate();
  const otherName = makeCertificate('DNS:mail.example.com');
  afterAll(() => {
    certificate.remove();
    otherName.remove();
  });
  // Whoever sets this for another program must not switch off what is verified here.
  beforeEach(() => void vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'));
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    [
      'has a certificate that nobody signed',
      { tls: 'starttls' as const, certificate },
      'smtp',
      '?tls=required',
    ],
    ['offers no encryption', { tls: 'none' as const }, 'smtp', '?tls=required'],
    [
      'has a certificate that nobody signed, from the first byte',
      { tls: 'implicit' as const, certificate },
      'smtps',
      '',
    ],
    [
      'has a certificate for another name',
      { tls: 'starttls' as const, certificate: otherName },
      'smtp',
      `?tls=required&ca=${otherName.file}`,
    ],
    [
      'has a certificate for another name, from the first byte',
      { tls: 'implicit' as const, certificate: otherName },
      'smtps',
      `?ca=${otherName.file}`,
    ],
  ])('sends nothing when it %s', async (_what, options, scheme, query) => {
    const smtp = await server(options);
    const world = await queue(`${scheme}://ada:secret-word@localhost:${smtp.port}${query}`);
    await world.open(IP);
    world.clock.advance(2_000);
    await world.logged('mail.postponed');
    expect(smtp.attempts).toEqual([]);
    expect(smtp.received).toEqual([]);
    expect(JSON.stringify(world.log.entries)).not.toContain('secret-word');
  });

  it.each([
    ['starttls' as const, 'smtp', '?tls=required&'],
    ['implicit' as const, 'smtps', '?'],
  ])('is trusted (%s) where its certificate is named', async (tls, scheme, query) => {
    const smtp = await server({ tls, certificate });
    // By name, and by address.
    for (const host of ['localhost', '127.0.0.1']) {
      const world = await queue(`${scheme}://${host}:${smtp.port}${query}ca=${certificate.file}`);
      await world.open(IP);
      world.clock.advance(2_000);
      await world.logged('mail.sent');
    }
    expect(smtp.received.map(({ secure }) => secure)).toEqual([true, true]);
  });

  it('goes on trying with a wrong password, which is in no log', async () => {
    const login = { user: 'ada', password: 'right-word' };
    const smtp = await server({ tls: 'starttls', certificate, login });
    const query = `?tls=required&ca=${certificate.file}`;
    const world = await queue(`smtp://ada:wrong-word@localhost:${smtp.port}${query}`);
    await world.open(IP);
    world.clock.advance(2_000);
    expect(await world.logged('mail.postponed')).toMatchObject({ responseCode: 535 });
    expect(JSON.stringify(world.log.entries)).not.toContain('wrong-word');
    await world.restart(`smtp://ada:right-word@localhost:${smtp.port}${query}`);
    world.clock.advance(HOUR_MS);
    expect(await smtp.message(1)).toMatchObject({ user: 'ada', secure: true });
  });
});
