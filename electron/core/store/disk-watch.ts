import { closeSync, fsyncSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Notices } from '../notices';
import type { Clock, Log } from '../ports';
import { t } from '#shared/i18n/t';
import { openNew } from '../replace-file';
import type { LocalDatabase } from './database';
import { type StorageFailure, storageSentence } from './storage-failure';

const NOTICE_ID = 'disk';
const TRY_EVERY_MS = 5_000;

const RESERVE = '.reserve';
const RESERVE_BYTES = 2 * 1_024 * 1_024;

/**
 * Shows a notice while the disk takes nothing more, and retries until it does. A reserved file is deleted if the program ends
 * meanwhile, so that there is room to store what was announced.
 */
export class DiskWatch {
  readonly #clock: Clock;
  readonly #notices: Notices;
  readonly #log: Log;
  readonly #folder: string;
  readonly #databases = new Set<LocalDatabase>();
  readonly #ending = new AbortController();
  #shown: StorageFailure | undefined;

  constructor(
    parts: { readonly clock: Clock; readonly notices: Notices; readonly log: Log },
    folder: string,
  ) {
    this.#clock = parts.clock;
    this.#notices = parts.notices;
    this.#log = parts.log;
    this.#folder = folder;
    this.#keepReserve();
  }

  add(database: LocalDatabase): void {
    this.#databases.add(database);
    database.watch({ onTrouble: () => this.#check() });
    this.#check();
  }

  /** Deletes the reserved file if the room is needed. The caller closes the databases next. */
  end(): void {
    this.#ending.abort();
    if (this.#trouble() === undefined) return;
    rmSync(join(this.#folder, RESERVE), { force: true });
  }

  #trouble(): StorageFailure | undefined {
    for (const database of this.#databases) {
      if (!database.isOpen) this.#databases.delete(database);
      else if (database.trouble !== undefined) return database.trouble;
    }
    return undefined;
  }

  #check(): void {
    const trouble = this.#trouble();
    if (trouble?.code === this.#shown?.code) return;
    const isNew = this.#shown === undefined;
    this.#shown = trouble;
    if (trouble === undefined) {
      this.#log.info('disk.takes_again');
      this.#notices.dismiss(NOTICE_ID);
      return;
    }
    this.#log.error('disk.takes_nothing', { code: trouble.code });
    this.#notices.add({
      id: NOTICE_ID,
      severity: 'error',
      words: () => ({
        title: storageSentence(trouble.code).replace(/\.$/, ''),
        message: t('notices.diskTrouble'),
      }),
    });
    if (isNew) void this.#tryAgain();
  }

  async #tryAgain(): Promise<void> {
    const { signal } = this.#ending;
    while (this.#shown !== undefined) {
      await this.#clock.sleep(TRY_EVERY_MS, signal);
      if (signal.aborted) return;
      for (const database of this.#databases) if (database.isOpen) database.tryDisk();
      this.#check();
    }
  }

  #keepReserve(): void {
    const path = join(this.#folder, RESERVE);
    if (statSync(path, { throwIfNoEntry: false })?.size === RESERVE_BYTES) return;
    try {
      const file = openNew(path, 0o600);
      try {
        writeSync(file, Buffer.alloc(RESERVE_BYTES, 1));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch {
      rmSync(path, { force: true });
    }
  }
}
