import type { AddressInfo } from 'node:net';
import { createFirstAccount, isEmpty, replaceOwnerToken } from './account/first-account';
import { loadPolicies } from './account/policy';
import { systemClock, type Clock } from './clock';
import type { ServiceConfig } from './config';
import { FeedHub } from './feed/hub';
import { createApp } from './http/app';
import { createIdFactory } from './ids';
import { Recorder } from './log/recorder';
import type { ServiceLog } from './service-log';
import { openSqliteStorage } from './storage/sqlite';
import { createWriter } from './storage/writer';

const STOP_DEADLINE_MS = 3_000;

/** How the first account comes to be, and whose token is set at each start. */
export interface OwnerAccess {
  readonly email: string;
  readonly tokenName: string;
  /** SHA-256 of the token, hex; asked for only when it is needed. */
  tokenHash(): string;
  /** Whether the token replaces the earlier one of that name when the account exists already. */
  readonly renew: boolean;
}

export interface StartOptions {
  readonly config: ServiceConfig;
  readonly owner: OwnerAccess;
  readonly log: ServiceLog;
  readonly clock?: Clock;
}

export interface RunningService {
  /** `http://host:port` as it really listens. */
  readonly url: string;
  /** Answers what is in flight, writes what is in memory, and closes the database. */
  stop(): Promise<void>;
}

/** The port is taken by another program. */
export class AddressInUseError extends Error {}

const urlOf = (address: AddressInfo): string =>
  `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;

/**
 * Puts the enforcement service together and starts it.
 * @throws DataDirError, NewerDatabaseError or AddressInUseError, each with a sentence for the one who starts it.
 */
export const startService = async ({
  config,
  owner,
  log,
  clock = systemClock,
}: StartOptions): Promise<RunningService> => {
  const storage = await openSqliteStorage(config.dataDir);
  try {
    const hub = new FeedHub();
    const writer = createWriter(storage, hub, clock, createIdFactory(clock));
    const directory = await loadPolicies(storage);
    if (await isEmpty(storage)) {
      await createFirstAccount(writer, directory, {
        ownerEmail: owner.email,
        tokenHash: owner.tokenHash(),
        tokenName: owner.tokenName,
      });
    } else if (owner.renew) {
      await replaceOwnerToken(writer, { tokenHash: owner.tokenHash(), tokenName: owner.tokenName });
    }

    const recorder = new Recorder({ writer, clock, log, foldWindowMs: config.foldWindowMs });
    let url = '';
    const app = await createApp({
      context: { storage, writer, directory, hub, clock },
      check: {
        recorder,
        keyHeaders: config.keyHeaders,
        trustedProxies: config.trustedProxies,
        onError: config.onError,
        echoIp: config.echoIp,
        publicUrl: () => config.publicUrl ?? url,
      },
      log,
      trustedProxies: config.trustedProxies,
    });
    try {
      await app.listen({ host: config.host, port: config.port });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
        throw new AddressInUseError(
          `${config.host}:${config.port} is in use by another program; choose another GATEHOUSE_LISTEN.`,
        );
      }
      throw error;
    }
    url = urlOf(app.server.address() as AddressInfo);
    recorder.start();
    log.write('info', 'service.started', { url, dataDir: config.dataDir });
    return {
      url,
      stop: async () => {
        hub.close();
        // Whoever takes longer than this to read its answer does not keep the log from the disk.
        const deadline = setTimeout(() => app.server.closeAllConnections(), STOP_DEADLINE_MS);
        await app.close();
        clearTimeout(deadline);
        await recorder.stop();
        await writer.idle();
        await storage.close();
        log.write('info', 'service.stopped');
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
};
