import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'rolling-restart-token-0123';
const CALLERS = 20;
const LOOK_EVERY_MS = 100;

interface Outcome {
  readonly status: number | string;
  readonly closes: boolean;
}

/** Sends one call on a kept connection, and never a second time. */
function checkOnce(url: string, agent: Agent, secret: string, ip: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const outgoing = request(
      `${url}/v1/check`,
      { agent, headers: { 'api-key': secret, 'x-forwarded-for': ip } },
      (incoming) => {
        incoming.resume();
        const closes = incoming.headers.connection === 'close';
        incoming.once('close', () => resolve({ status: incoming.statusCode ?? 0, closes }));
      },
    );
    outgoing.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: error.code ?? error.message, closes: false }),
    );
    outgoing.end();
  });
}

describe.skipIf(!hasPostgres())('a process that is replaced', () => {
  const world = usePostgres();
  let processes: ServiceProcess[] = [];
  afterEach(async () => {
    await Promise.all(processes.map((service) => service.stop()));
    processes = [];
  });
  const start = async (grace = '1s'): Promise<ServiceProcess> => {
    const service = await startServiceProcess({
      GATEHOUSE_DATABASE_URL: world.url,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      GATEHOUSE_STOP_GRACE: grace,
    });
    processes.push(service);
    return service;
  };
  const api = (service: ServiceProcess, path: string, body: unknown) =>
    httpCall(`${service.url}${path}`, { body, headers: { authorization: `Bearer ${TOKEN}` } });
  const isReady = async ({ url }: ServiceProcess): Promise<boolean> => {
    const answer = await httpCall(`${url}/readyz`).catch(() => undefined);
    return answer?.status === 200;
  };
  const secretOf = async (service: ServiceProcess): Promise<string> =>
    ((await api(service, '/v1/keys', { name: 'k' })).json as { secret: string }).secret;

  it('loses no call, although nothing repeats one: each is sent to a process that says it is ready', async () => {
    const first = await start();
    let ready = [first, await start()];
    const secret = await secretOf(first);
    await api(first, '/v1/ranges', { cidr: '198.51.100.0/24' });
    const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
    const outcomes = new Map<number | string, number>();
    let isOver = false;
    const balance = async (): Promise<void> => {
      while (!isOver) {
        const asked = [...processes];
        const answers = await Promise.all(asked.map(isReady));
        ready = asked.filter((_service, index) => answers[index]);
        await sleep(LOOK_EVERY_MS);
      }
    };
    const callAgain = async (caller: number): Promise<void> => {
      for (let call = 0; !isOver; call += 1) {
        const url = ready[call % ready.length]?.url ?? 'http://nobody.is.ready';
        const { status } = await checkOnce(url, agent, secret, `198.51.100.${caller + 1}`);
        outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
      }
    };
    const work = [balance(), ...Array.from({ length: CALLERS }, (_, caller) => callAgain(caller))];
    for (const old of [...processes]) {
      const next = await start();
      await waitFor('the next process to be used', () => ready.includes(next));
      expect(await old.stop()).toBe(0);
      processes = processes.filter((service) => service !== old);
    }
    isOver = true;
    await Promise.all(work);
    agent.destroy();

    expect([...outcomes.keys()]).toEqual([200]);
    expect(outcomes.get(200)).toBeGreaterThan(100);
  });

  it('is no longer ready, goes on answering, and closes each connection with an answer', async () => {
    const service = await start('60s');
    const secret = await secretOf(service);
    const agent = new Agent({ keepAlive: true });
    expect(await checkOnce(service.url, agent, secret, '192.0.2.7')).toEqual({ status: 200, closes: false });
    const stopped = service.stop();
    await waitFor('the process to say that it stops', async () => !(await isReady(service)));

    expect(await httpCall(`${service.url}/readyz`)).toMatchObject({
      status: 503,
      json: { code: 'unavailable', detail: 'The service is stopping.' },
    });
    expect(await checkOnce(service.url, agent, secret, '192.0.2.7')).toEqual({ status: 200, closes: true });
    expect(await checkOnce(service.url, agent, secret, '192.0.2.8')).toEqual({ status: 200, closes: true });
    const page = await httpCall(`${service.url}/v1/account`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(page.status).toBe(200);
    expect(page.headers['connection']).toBe('close');
    // A second signal does not wait for the grace.
    expect(await service.stop()).toBe(0);
    expect(await stopped).toBe(0);
    agent.destroy();
  });
});
