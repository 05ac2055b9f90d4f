import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newLinkToken } from '#service/mail/links';
import { manualClock } from '#test/support/manual-clock';
import { addPerson } from '#test/support/service/people';
import { hasPostgres, startPostgres, type TestPostgres } from '#test/support/service/postgres';
import {
  httpCall,
  startTestService,
  type Answer,
  type TestService,
} from '#test/support/service/test-service';

const MANY = 400;
/** Five wrong tokens cost nothing; the sixth is looked at and begins the wait. */
const LOOKED_AT = 6;

let postgres: Promise<TestPostgres> | undefined;
afterAll(async () => (await postgres)?.remove());

const countOf = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

const DATABASES = hasPostgres() ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
if (!hasPostgres()) console.log('SKIPPED: guesses on PostgreSQL, because it is not installed');

describe.each(DATABASES)('many guesses at once, on %s', (database) => {
  let service: TestService;
  beforeEach(async () => {
    const server = database === 'PostgreSQL' ? await (postgres ??= startPostgres()) : undefined;
    const url = await server?.createDatabase();
    // Its clock stands, so that no wait is over while the guesses arrive.
    const env = url === undefined ? {} : { GATEHOUSE_DATABASE_URL: url };
    service = await startTestService({ clock: manualClock(), env });
  });
  afterEach(() => service.stop());

  const from = (ip: string, token: string): Promise<Answer> =>
    httpCall(`${service.url}/v1/account`, {
      headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': ip },
    });
  const manyFrom = (ipOf: (n: number) => string): Promise<Answer[]> =>
    Promise.all(Array.from({ length: MANY }, (_, n) => from(ipOf(n), `gt_wrong_${n}`)));

  it('from one address: as few are looked at as in a row', async () => {
    const answers = await manyFrom(() => '203.0.113.9');
    expect(countOf(answers, 401)).toBe(LOOKED_AT);
    expect(countOf(answers, 429)).toBe(MANY - LOOKED_AT);
  });

  it('from one IPv6 /64: likewise, whatever the address', async () => {
    const answers = await manyFrom(
      (n) => `2001:db8:0:1:${(n * 7919).toString(16).slice(-4)}::${n.toString(16)}`,
    );
    expect(countOf(answers, 401)).toBe(LOOKED_AT);
    expect((await from('2001:db8:0:2::1', 'gt_wrong')).status).toBe(401);
  });

  it('do not keep out a token that was right from there before', async () => {
    const person = await addPerson(service);
    expect((await from('203.0.113.9', person.secret)).status).toBe(200);
    const [right] = await Promise.all([from('203.0.113.9', person.secret), manyFrom(() => '203.0.113.9')]);
    expect(right.status).toBe(200);
    expect((await from('203.0.113.9', person.secret)).status).toBe(200);
  });

  it('of links of e-mails: as few are looked at', async () => {
    const answers = await Promise.all(
      Array.from({ length: MANY }, (_, n) =>
        httpCall(`${service.url}/mail/${newLinkToken()}/authorize`, {
          headers: { 'x-forwarded-for': `2001:db8::${n.toString(16)}` },
        }),
      ),
    );
    expect(countOf(answers, 404)).toBe(LOOKED_AT);
    expect(countOf(answers, 429)).toBe(MANY - LOOKED_AT);
  });

  it('calls of a right token at once write down its use once', async () => {
    const { secret } = await addPerson(service);
    const writes = async (): Promise<number> =>
      Number(/^gatehouse_feed_lag_seconds_count (\d+)$/m.exec((await service.api('/metrics')).text)?.[1]);
    const before = await writes();
    const answers = await Promise.all(Array.from({ length: MANY }, () => from('203.0.113.9', secret)));
    expect(countOf(answers, 200)).toBe(MANY);
    // The service writes little by itself meanwhile.
    expect((await writes()) - before).toBeLessThan(20);
  });
});
