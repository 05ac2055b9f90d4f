import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSequential } from '#shared/async/sequential';
import type { SmallDisk } from '../../small-disk';
import { holdAsOtherProgram } from '../other-program';
import type { TestPostgres } from '../postgres';
import type { TcpProxy } from '../tcp-proxy';
import type { Member } from './member';

/** What a fault can disturb. */
export interface Victims {
  readonly member: Member;
  readonly members: readonly Member[];
}

/** Lasts so many milliseconds, and is over when it resolves. */
export type Fault = (victims: Victims, ms: number) => Promise<void>;

export type Faults = Readonly<Record<string, Fault>>;

const CUT_EVERY_MS = 100;
const SLOW_MS = 300;
const IDLE_CONNECTIONS = 500;

function ofProcess(how: 'kill' | 'stop'): Fault {
  return ({ member }, ms) =>
    member.inTurn(async () => {
      await member.end(how);
      await sleep(ms);
      await member.start();
    });
}

function ofLine(disturb: (line: TcpProxy, ms: number) => Promise<void>): Fault {
  return ({ member }, ms) =>
    member.inTurn(async () => {
      const { line } = member;
      if (line === undefined) throw new Error('the process has no line to its database');
      const back = member.loseDatabase();
      await disturb(line, ms);
      back();
    });
}

/** What happens to a process, whatever its database is. */
export const PROCESS_FAULTS: Faults = {
  'a process is killed': ofProcess('kill'),
  'a process is stopped': ofProcess('stop'),
  'a process stands still': ({ member }, ms) =>
    member.inTurn(async () => {
      const { pid } = member.process ?? {};
      if (pid === undefined) return;
      // It decides by what it had before until it notices that time has passed.
      const back = member.loseDatabase();
      process.kill(pid, 'SIGSTOP');
      await sleep(ms);
      process.kill(pid, 'SIGCONT');
      back();
    }),
  'idle connections': async ({ member }, ms) => {
    const { url } = member.process ?? {};
    if (url === undefined) return;
    const { port } = new URL(url);
    const sockets = Array.from({ length: IDLE_CONNECTIONS }, () => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /v1/check HTTP/1.1\r\nx-slow: '),
      );
      return socket.on('error', () => undefined);
    });
    await sleep(ms);
    for (const socket of sockets) socket.destroy();
  },
};

/** What happens to a PostgreSQL that processes share, and on the way to it. */
export function postgresFaults(postgres: TestPostgres): Faults {
  // It ends and starts for one fault at a time.
  const inTurn = createSequential();
  const ended =
    (how: 'orderly' | 'crash'): Fault =>
    ({ members }, ms) =>
      inTurn(async () => {
        const backs = members.map((member) => member.loseDatabase());
        await postgres.halt(how);
        await sleep(ms);
        await postgres.start();
        for (const back of backs) back();
      });
  return {
    'PostgreSQL crashes': ended('crash'),
    'PostgreSQL is restarted': ended('orderly'),
    'the network to PostgreSQL is cut': ofLine(async (line, ms) => {
      for (let at = 0; at < ms; at += CUT_EVERY_MS) {
        line.cutAll();
        await sleep(CUT_EVERY_MS);
      }
    }),
    'the network to PostgreSQL is silent': ofLine(async (line, ms) => {
      line.freeze();
      await sleep(ms);
      line.thaw();
    }),
    'the network to PostgreSQL is slow': ofLine(async (line, ms) => {
      line.delay(SLOW_MS);
      await sleep(ms);
      line.delay(0);
    }),
    'the answer to a commit is lost': ofLine(async (line, ms) => {
      line.cutAfter('COMMIT\0');
      await sleep(ms);
    }),
  };
}

/** What happens to an SQLite database and its disk. */
export function sqliteFaults(disk: SmallDisk, file: string): Faults {
  const inTurn = createSequential();
  return {
    'its disk is full': (_victims, ms) =>
      inTurn(async () => {
        disk.fill();
        await sleep(ms);
        disk.free();
      }),
    'another program holds its file': async (_victims, ms) => {
      const release = await holdAsOtherProgram(file);
      await sleep(ms);
      await release();
    },
  };
}
