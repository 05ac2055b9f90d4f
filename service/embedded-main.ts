import {
  messageToServiceSchema,
  type MessageFromService,
  type StartFailureCode,
  type StartMessage,
} from '#shared/embedded/protocol';
import { systemClock } from './runtime/clock';
import { parseListen, readConfig, SettingError } from './config';
import { NotOursError } from './private-files';
import { AddressInUseError } from './http/listen';
import { startService, type RunningService } from './service';
import { createLineLog } from './service-log';
import { NewerDatabaseError } from './storage/migrations/index';
import { DataDirError } from './storage/sqlite';

/**
 * The console runs the enforcement service in a process of its own, which it starts and stops by messages. The owner's
 * token is new with each start, and only its hash arrives here, so that it never touches the disk.
 */

/** Electron's `process.parentPort`, the only thing that the service knows of Electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: MessageFromService): void;
}

process.umask(0o077);

const log = createLineLog(systemClock, (line) => process.stderr.write(`${line}\n`));

function failureCodeOf(error: unknown): StartFailureCode {
  if (error instanceof AddressInUseError) return 'address_in_use';
  if (error instanceof SettingError || error instanceof NotOursError) return 'invalid_setting';
  if (error instanceof NewerDatabaseError) return 'database_damaged';
  if (error instanceof DataDirError)
    return error.code === 'data_dir_unusable' ? 'invalid_setting' : error.code;
  return 'internal';
}

function start(message: StartMessage): Promise<RunningService> {
  return startService({
    config: {
      // The settings of the environment hold here too, because a proxy may need them.
      ...readConfig({ ...process.env, GATEHOUSE_DATABASE_URL: '', GATEHOUSE_LISTEN: '' }),
      ...parseListen(message.listen),
      dataDir: message.dataDir,
      ownerEmail: message.ownerEmail,
    },
    owner: {
      email: message.ownerEmail,
      tokenName: 'Console on this computer',
      tokenHash: () => message.consoleTokenHash,
      renew: true,
    },
    log,
  });
}

function serve(port: ParentPort): void {
  let running: Promise<RunningService> | undefined;

  const startOnce = async (message: StartMessage): Promise<void> => {
    if (running !== undefined) return;
    running = start(message);
    try {
      const { url } = await running;
      port.postMessage({ type: 'listening', url });
    } catch (error) {
      log.write('error', 'service.start_failed', { error });
      const text = error instanceof Error ? error.message : String(error);
      port.postMessage({ type: 'failed', code: failureCodeOf(error), message: text });
      // The message must be out before the process ends.
      setTimeout(() => process.exit(1), 100);
    }
  };

  const stop = async (): Promise<void> => {
    try {
      await (await running)?.stop();
      process.exit(0);
    } catch (error) {
      log.write('error', 'service.stop_failed', { error });
      process.exit(1);
    }
  };

  port.on('message', ({ data }) => {
    const message = messageToServiceSchema.parse(data);
    void (message.type === 'start' ? startOnce(message) : stop());
  });
}

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
if (parentPort === undefined) {
  process.stderr.write(
    'This program is started by the Gatehouse console; use "npm run service" to run the service alone.\n',
  );
  process.exit(1);
}
serve(parentPort);
