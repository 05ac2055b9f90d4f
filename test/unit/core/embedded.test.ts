import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MessageToService, StartFailureCode } from '#shared/embedded/protocol';
import type { RunningService } from '#electron/core/embedded/launch';
import { chooseListen } from '#electron/core/embedded/listen';
import { EmbeddedSupervisor } from '#electron/core/embedded/supervisor';
import type { EmbeddedProcess } from '#electron/core/ports';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { FakeClock } from '#test/support/console/fake-clock';
import { fixedRandom, RecordingLog } from '#test/support/console/fakes';
import { waitFor } from '#test/support/wait-for';

/** A process that does what the test says. */
class FakeProcess implements EmbeddedProcess {
  readonly posted: MessageToService[] = [];
  killed = false;
  #tell: (message: unknown) => void = () => undefined;
  #exit: (code: number | null) => void = () => undefined;

  post(message: MessageToService): void {
    this.posted.push(message);
    if (message.type === 'stop') this.exit(0);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#tell = listener;
  }
  onExit(listener: (code: number | null) => void): void {
    this.#exit = listener;
  }
  kill(): void {
    this.killed = true;
    this.exit(null);
  }

  get start(): MessageToService & { type: 'start' } {
    return this.posted[0] as MessageToService & { type: 'start' };
  }
  listen(url = `http://${this.start.listen}`): void {
    this.#tell({ type: 'listening', url });
  }
  fail(code: StartFailureCode, message = 'Because.'): void {
    this.#tell({ type: 'failed', code, message });
    this.exit(1);
  }
  say(message: unknown): void {
    this.#tell(message);
  }
  exit(code: number | null): void {
    this.#exit(code);
  }
}

let processes: FakeProcess[];
let clock: FakeClock;
let told: string[];
let restarted: RunningService[];
let supervisor: EmbeddedSupervisor;

const nthProcess = (index: number): Promise<FakeProcess> =>
  waitFor(`process ${index}`, () => processes[index]);

beforeEach(() => {
  processes = [];
  clock = new FakeClock();
  told = [];
  restarted = [];
  supervisor = new EmbeddedSupervisor(
    {
      fork: () => {
        const process = new FakeProcess();
        processes.push(process);
        return process;
      },
      clock,
      random: fixedRandom(),
      log: new RecordingLog(),
      settings: { dataDir: '/data', ownerEmail: 'owner@localhost' },
    },
    {
      onStopped: () => told.push('stopped'),
      onRestarted: (service) => {
        told.push('restarted');
        restarted.push(service);
      },
      onGivenUp: (message) => told.push(`given up: ${message}`),
    },
  );
});

describe('starting the embedded service', () => {
  it('hands over the hash of a token that only this process knows', async () => {
    const starting = supervisor.start(['127.0.0.1:8787']);
    const child = await nthProcess(0);
    child.listen();
    const started = await starting;
    if (!started.ok) throw new Error(started.failure.message);
    const { token, url } = started.value;
    expect(url).toBe('http://127.0.0.1:8787');
    expect(child.start).toEqual({
      type: 'start',
      listen: '127.0.0.1:8787',
      dataDir: '/data',
      ownerEmail: 'owner@localhost',
      consoleTokenHash: createHash('sha256').update(token).digest('hex'),
    });
    expect(JSON.stringify(child.posted)).not.toContain(token);
    await supervisor.stop();
  });

  it('takes the next address when one is in use', async () => {
    const starting = supervisor.start(['127.0.0.1:8787', '127.0.0.1:8788', '127.0.0.1:8789']);
    (await nthProcess(0)).fail('address_in_use');
    (await nthProcess(1)).fail('address_in_use');
    (await nthProcess(2)).listen();
    expect(await starting).toMatchObject({ ok: true, value: { url: 'http://127.0.0.1:8789' } });
    await supervisor.stop();
  });

  it('says what to do when all addresses are in use', async () => {
    const starting = supervisor.start(['127.0.0.1:8787', '127.0.0.1:8788']);
    (await nthProcess(0)).fail('address_in_use');
    (await nthProcess(1)).fail('address_in_use');
    const outcome = await starting;
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'address_in_use' } });
    expect(outcome.ok ? '' : outcome.failure.message).toMatch(
      /8787 to 127\.0\.0\.1:8788 are all taken.*Stop/,
    );
  });

  it('gives the one address of before some tries, then says what to do', async () => {
    const starting = supervisor.start(['127.0.0.1:8790']);
    for (let index = 0; index < 3; index += 1) {
      (await nthProcess(index)).fail('address_in_use');
      if (index < 2) await clock.passSleepOf(500);
    }
    const outcome = await starting;
    expect(outcome.ok ? '' : outcome.failure.message).toMatch(
      /127\.0\.0\.1:8790 is taken by another program/,
    );
    expect(processes).toHaveLength(3);
  });

  it.each([
    ['data_dir_locked', /Another Gatehouse service is using the data folder \/data/],
    ['database_damaged', /^Because\.$/],
    ['invalid_setting', /^Because\.$/],
  ] as const)('tells of %s in words, without trying elsewhere', async (code, message) => {
    const starting = supervisor.start(['127.0.0.1:8787', '127.0.0.1:8788']);
    (await nthProcess(0)).fail(code);
    const outcome = await starting;
    expect(outcome.ok ? '' : outcome.failure.message).toMatch(message);
    expect(processes).toHaveLength(1);
  });

  it('does not wait for ever for a process that says nothing', async () => {
    const starting = supervisor.start(['127.0.0.1:8787']);
    const child = await nthProcess(0);
    child.say({ type: 'something else' });
    for (let second = 0; second < 20; second += 1) await clock.passSleepOf(1_000);
    expect(await starting).toMatchObject({ ok: false, failure: { code: 'timeout' } });
    expect(child.killed).toBe(true);
  });

  it('takes one for started that has said so to a console that was held up', async () => {
    const starting = supervisor.start(['127.0.0.1:8787']);
    const child = await nthProcess(0);
    await clock.nextSleep();
    // All deadlines are over at once, before the first message is delivered.
    clock.advance(120_000);
    await yieldToEventLoop();
    child.listen();
    expect(await starting).toMatchObject({ ok: true });
    expect(child.killed).toBe(false);
    await supervisor.stop();
  });

  it('notices a process that dies while it starts', async () => {
    const starting = supervisor.start(['127.0.0.1:8787']);
    (await nthProcess(0)).exit(1);
    expect(await starting).toMatchObject({ ok: false, failure: { code: 'exited' } });
  });
});

describe('keeping it running', () => {
  beforeEach(async () => {
    const starting = supervisor.start(['127.0.0.1:0']);
    (await nthProcess(0)).listen('http://127.0.0.1:45678');
    await starting;
  });

  it('starts it again at the same address, with a new token', async () => {
    processes[0]?.exit(139);
    await clock.passSleep();
    const second = await nthProcess(1);
    expect(second.start.listen).toBe('127.0.0.1:45678');
    expect(second.start.consoleTokenHash).not.toBe(processes[0]?.start.consoleTokenHash);
    second.listen();
    await waitFor('the restart', () => restarted[0]);
    expect(told).toEqual(['stopped', 'restarted']);
    await supervisor.stop();
  });

  it('waits longer from crash to crash', async () => {
    const pauses: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      (await nthProcess(index)).exit(1);
      pauses.push(await clock.passSleep());
      (await nthProcess(index + 1)).listen();
      await waitFor('the restart', () => restarted[index]);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
    await supervisor.stop();
  });

  it('gives up when only a person can help', async () => {
    processes[0]?.exit(1);
    await clock.passSleep();
    (await nthProcess(1)).fail('database_damaged', 'The database is damaged.');
    await waitFor('giving up', () => told.length === 2);
    expect(told).toEqual(['stopped', 'given up: The database is damaged.']);
  });

  it('stops it when asked to, and does not start it again', async () => {
    await supervisor.stop();
    expect(processes[0]?.posted.at(-1)).toEqual({ type: 'stop' });
    expect(processes).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('stops while it waits to start it again', async () => {
    processes[0]?.exit(1);
    await clock.nextSleep();
    await supervisor.stop();
    expect(processes).toHaveLength(1);
  });

  it('kills what does not stop', async () => {
    const child = processes[0] as FakeProcess;
    child.post = () => undefined;
    const stopping = supervisor.stop();
    await clock.passSleepOf(1_000);
    await stopping;
    expect(child.killed).toBe(true);
  });
});

describe('where it listens', () => {
  it('tries the usual port and the next ten at the first start', () => {
    const choice = chooseListen(null, undefined);
    expect(choice.candidates[0]).toBe('127.0.0.1:8787');
    expect(choice.candidates.at(-1)).toBe('127.0.0.1:8797');
    expect(choice.isRemembered).toBe(true);
  });

  it('keeps to the address that was found then', () => {
    expect(chooseListen('127.0.0.1:8790', undefined).candidates).toEqual(['127.0.0.1:8790']);
    expect(chooseListen('damaged', undefined).candidates).toHaveLength(11);
  });

  it('does what the environment says, and does not remember it', () => {
    const override = { candidates: ['127.0.0.1:0'], isRemembered: false };
    expect(chooseListen('127.0.0.1:8790', '127.0.0.1:0')).toEqual(override);
    expect(chooseListen(null, '')).toMatchObject({ isRemembered: true });
  });

  it.each(['8787', 'localhost', 'a b:1', '127.0.0.1:70000', 'http://127.0.0.1:1'])('refuses %j', (text) => {
    expect(() => chooseListen(null, text)).toThrow('GATEHOUSE_EMBEDDED_LISTEN');
  });
});
