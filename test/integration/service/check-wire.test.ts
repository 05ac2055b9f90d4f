import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from '#test/support/service/raw-http';
import { startTestService, type TestService } from '#test/support/service/test-service';

const ALLOWED = '203.0.113.9';
const BLOCKED = '198.51.100.7';

interface Ask {
  readonly method?: string;
  readonly ip: string;
  /** Header lines of its own. */
  readonly lines?: readonly string[];
}

/** An answer as it came: the date is that of the moment, all else is to be the same each time. */
interface Wire {
  readonly head: readonly string[];
  readonly body: string;
}

describe('the answers of /v1/check on a kept connection', () => {
  let service: TestService;
  let secret: string;

  beforeEach(async () => {
    service = await startTestService();
    ({ secret } = await service.createKey());
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    await service.api('/v1/ranges', { body: { cidr: ALLOWED } });
    for (const ip of [ALLOWED, BLOCKED]) await service.check(secret, ip);
  });
  afterEach(() => service.stop());

  const requestOf = ({ method = 'GET', ip, lines = [] }: Ask): string =>
    [
      `${method} /v1/check HTTP/1.1`,
      'host: gate',
      `api-key: ${secret}`,
      `x-forwarded-for: ${ip}`,
      ...lines,
      '\r\n',
    ].join('\r\n');

  /** Asks one after the other on one connection, which the last asks to close. */
  const askAll = async (asks: readonly Ask[]): Promise<Wire[]> => {
    const last = { ...asks.at(-1), lines: [...(asks.at(-1)?.lines ?? []), 'connection: close'] } as Ask;
    const text = await sendRaw(service.url, [...asks.slice(0, -1), last].map(requestOf).join(''));
    return text.split(/(?=HTTP\/1\.1 \d{3} )/).map((answer) => {
      const end = answer.indexOf('\r\n\r\n');
      const head = answer.slice(0, end).split('\r\n');
      expect(head.filter((line) => /^date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/i.test(line))).toHaveLength(
        1,
      );
      return { head: head.filter((line) => !/^date:/i.test(line)), body: answer.slice(end + 4) };
    });
  };

  const times = (count: number, ask: Ask): Ask[] => Array.from({ length: count }, () => ask);

  it.each([
    ['allowed', { ip: ALLOWED }],
    ['blocked, with its body', { ip: BLOCKED }],
    ['blocked, without a body', { ip: BLOCKED, lines: ['x-gatehouse-body: none'] }],
    ['asked for with HEAD', { ip: BLOCKED, method: 'HEAD' }],
  ])('are the same each time: %s', async (_, ask: Ask) => {
    const answers = await askAll(times(8, ask));
    expect(answers).toHaveLength(8);
    const [first] = answers;
    expect(first?.head).toContain('Connection: keep-alive');
    for (const answer of answers.slice(0, -1)) expect(answer).toEqual(first);
    // It says that the connection ends with it.
    const rest = (head: readonly string[] = []): string[] =>
      head.filter((line) => !/^(connection|keep-alive):/i.test(line));
    const last = answers.at(-1);
    expect(last?.head).toContain('Connection: close');
    expect({ ...last, head: rest(last?.head) }).toEqual({ ...first, head: rest(first?.head) });
  });

  it('are told apart where they take turns', async () => {
    const asks: Ask[] = [
      { ip: ALLOWED },
      { ip: BLOCKED },
      { ip: BLOCKED, lines: ['x-gatehouse-body: none'] },
      { ip: BLOCKED, method: 'HEAD' },
    ];
    const once = await Promise.all(asks.map(async (ask) => (await askAll([ask, ask]))[0]));
    const turns = await askAll([...times(5, { ip: ALLOWED }).flatMap(() => asks), { ip: ALLOWED }]);
    turns.slice(0, -1).forEach((answer, turn) => expect(answer).toEqual(once[turn % asks.length]));
    expect(once.map((answer) => answer?.body === '')).toEqual([true, false, true, true]);
    const isEmpty = (answer: Wire | undefined): boolean =>
      answer?.head.includes('content-length: 0') === true;
    expect(once.map(isEmpty)).toEqual([true, false, true, false]);
  });

  it('tell the time of the answer', async () => {
    const dates = new Set<string>();
    const end = Date.now() + 2_200;
    while (Date.now() < end) {
      const text = await sendRaw(
        service.url,
        [...times(4, { ip: ALLOWED }), { ip: BLOCKED, lines: ['connection: close'] }].map(requestOf).join(''),
      );
      const now = Date.now();
      for (const [, date = ''] of text.matchAll(/^date: (.*)\r$/gim)) {
        expect(Math.abs(Date.parse(date) - now)).toBeLessThan(2_500);
        dates.add(date);
      }
    }
    expect(dates.size).toBeGreaterThan(1);
  });
});
