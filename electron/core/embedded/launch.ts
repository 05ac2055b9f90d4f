import { createHash } from 'node:crypto';
import { SECOND_MS } from '#shared/durations';
import { messageFromServiceSchema, type StartFailureCode } from '#shared/embedded/protocol';
import { t } from '#shared/i18n/t';
import type { Clock, EmbeddedProcess, ForkEmbedded, Log, Random } from '../ports';

export interface EmbeddedSettings {
  readonly dataDir: string;
  readonly ownerEmail: string;
}

export interface LaunchParts {
  readonly fork: ForkEmbedded;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: EmbeddedSettings;
}

export interface RunningService {
  readonly url: string;
  /** The owner's access token for this run. It exists in this process's memory only. */
  readonly token: string;
  /** Resolves when the process has ended for any reason. */
  readonly ended: Promise<void>;
  /** Asks the service to flush and end; kills it after the deadline. */
  stop(): Promise<void>;
}

export type LaunchResult =
  | { readonly ok: true; readonly service: RunningService }
  | { readonly ok: false; readonly code: StartFailureCode | 'exited' | 'timeout'; readonly message: string };

const START_DEADLINE_SECONDS = 20;
/** The console has two seconds for everything. The service's answers are on the disk before it sends them. */
const STOP_DEADLINE_SECONDS = 1;

/** Starts the embedded service once, and resolves when it listens or reports a failure. */
export async function launchEmbedded(parts: LaunchParts, listen: string): Promise<LaunchResult> {
  const { fork, clock, random, settings } = parts;
  const token = random.token();
  const child = fork();
  const ended = new Promise<void>((resolve) => child.onExit(() => resolve()));
  const answered = firstAnswer(child, parts.log);
  child.post({
    type: 'start',
    listen,
    dataDir: settings.dataDir,
    ownerEmail: settings.ownerEmail,
    consoleTokenHash: createHash('sha256').update(token).digest('hex'),
  });
  const waiting = new AbortController();
  const answer = await Promise.race([
    answered,
    ended.then(() => 'exited' as const),
    sleepAwake(clock, START_DEADLINE_SECONDS, waiting.signal).then(() => 'timeout' as const),
  ]);
  waiting.abort();
  if (answer === 'exited') {
    return { ok: false, code: 'exited', message: t('embedded.endedEarly') };
  }
  if (answer === 'timeout') {
    child.kill();
    await ended;
    return { ok: false, code: 'timeout', message: t('embedded.startedTooSlowly') };
  }
  if (answer.type === 'failed') {
    await endWithin(child, ended, clock);
    return { ok: false, code: answer.code, message: answer.message };
  }
  return {
    ok: true,
    service: {
      url: answer.url.replace(/\/+$/, ''),
      token,
      ended,
      async stop() {
        child.post({ type: 'stop' });
        await endWithin(child, ended, clock);
      },
    },
  };
}

/**
 * Waits for so many seconds of this process's own activity: a process that was blocked, or slept with the computer, may
 * have unread messages.
 */
async function sleepAwake(clock: Clock, seconds: number, signal: AbortSignal): Promise<void> {
  for (let second = 0; second < seconds && !signal.aborted; second += 1) await clock.sleep(SECOND_MS, signal);
}

function firstAnswer(child: EmbeddedProcess, log: Log) {
  return new Promise<ReturnType<typeof messageFromServiceSchema.parse>>((resolve) => {
    child.onMessage((message) => {
      const parsed = messageFromServiceSchema.safeParse(message);
      if (parsed.success) resolve(parsed.data);
      else log.warn('embedded.unknown_message');
    });
  });
}

async function endWithin(child: EmbeddedProcess, ended: Promise<void>, clock: Clock): Promise<void> {
  const waiting = new AbortController();
  const late = sleepAwake(clock, STOP_DEADLINE_SECONDS, waiting.signal).then(() => 'late' as const);
  if ((await Promise.race([ended, late])) === 'late') child.kill();
  waiting.abort();
  await ended;
}
