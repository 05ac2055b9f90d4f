import { SettingError } from '../../config';
import type { ServiceLog } from '../../service-log';
import type { IpAddress } from '#shared/ip/index';
import { FILE_POLL_INTERVAL_MS, fileStateIfThere, fileTrouble, type FileSignature } from '../file-state';
import { createWorkLoop, type WorkLoop } from '../../runtime/work-loop';
import { readListFile, type ListFile } from './list-file';
import { listPathsOf } from './list-paths';

export interface BlocklistHit {
  /** The file's name. */
  readonly list: string;
  /** The entry that contains the address: an address, a network, or first and last with a dash between. */
  readonly entry: string;
}

interface ListStats {
  readonly path: string;
  readonly entries: number;
  readonly badLines: number;
  readonly memoryBytes: number;
}

interface BlocklistsOptions {
  /** GATEHOUSE_BLOCKLISTS: files and folders of files. */
  readonly entries: readonly string[];
  readonly log: ServiceLog;
  readonly pollIntervalMs?: number;
}

const VARIABLE = 'GATEHOUSE_BLOCKLISTS';

/**
 * Lists of addresses that are never admitted automatically, from text files that are read again when they change. It fails
 * closed: a list that was read once stays in force while its file is missing, unreadable, suddenly empty or without one
 * usable line. To drop a list, remove it from the setting and restart; to empty it, leave a comment line in it.
 */
export class FileBlocklists {
  readonly #options: BlocklistsOptions;
  readonly #loop: WorkLoop;
  /** In the order of the setting; replaced as a whole. */
  #lists: readonly ListFile[] = [];
  /** The signatures of refused files, so that each is read and reported once. */
  readonly #refused = new Map<string, FileSignature>();
  /** The signatures of changed files at the last poll: a file that is still being written waits for the next one. */
  #unsettled = new Map<string, FileSignature>();
  readonly #gone = new Set<string>();
  readonly #unreadableEntries = new Set<string>();

  constructor(options: BlocklistsOptions) {
    this.#options = options;
    this.#loop = createWorkLoop({
      pauseMs: options.pollIntervalMs ?? FILE_POLL_INTERVAL_MS,
      work: () => this.#update(true),
      onError: (error) => options.log.write('error', 'blocklists.watch_failed', { error }),
    });
  }

  /** Returns the first entry that contains the address, in the order of the setting, or null. */
  find(address: IpAddress): BlocklistHit | null {
    for (const list of this.#lists) {
      const entry = list.find(address);
      if (entry !== undefined) return { list: list.name, entry };
    }
    return null;
  }

  /**
   * Reads all lists and watches them.
   * @throws SettingError if one does not exist, cannot be read or is too large.
   */
  async start(): Promise<void> {
    await this.#loop.run(async () => {
      for (const entry of this.#options.entries) {
        try {
          for (const path of await listPathsOf(entry)) await this.#readAtStart(path);
        } catch (error) {
          throw error instanceof SettingError
            ? error
            : new SettingError(VARIABLE, `${entry} ${fileTrouble(error)}`);
        }
      }
    });
    if (this.#options.entries.length > 0) this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /**
   * Polls the files once. `settled` postpones a changed file unless it is the same as at the last poll; `now` reads also a
   * file that may still be written to.
   */
  reload(which: 'now' | 'settled' = 'now'): Promise<void> {
    return this.#loop.run(() => this.#update(which === 'settled'));
  }

  stats(): readonly ListStats[] {
    return this.#lists.map(({ path, entries, badLines, memoryBytes }) => ({
      path,
      entries,
      badLines,
      memoryBytes,
    }));
  }

  async #readAtStart(path: string): Promise<void> {
    if (this.#held(path) !== undefined) return;
    try {
      this.#accept(await readListFile(path));
    } catch (error) {
      throw new SettingError(VARIABLE, `${path} ${fileTrouble(error)}`);
    }
  }

  async #update(waitsUntilSettled: boolean): Promise<void> {
    const unsettled = new Map<string, FileSignature>();
    const paths = await this.#currentPaths();
    for (const path of paths) {
      const signature = (await fileStateIfThere(path))?.signature;
      if (signature === undefined || signature === this.#held(path)?.signature) continue;
      if (signature === this.#refused.get(path)) continue;
      if (waitsUntilSettled && signature !== this.#unsettled.get(path)) unsettled.set(path, signature);
      else await this.#readChanged(path, signature);
    }
    this.#unsettled = unsettled;
    await this.#noteGone();
    this.#sort(paths);
  }

  async #currentPaths(): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const entry of this.#options.entries) {
      try {
        paths.push(...(await listPathsOf(entry)));
        this.#unreadableEntries.delete(entry);
      } catch (error) {
        // A folder; unreadable files are reported one by one.
        if (!this.#unreadableEntries.has(entry) && this.#held(entry) === undefined) {
          this.#complain('warn', 'blocklists.unreadable', entry, fileTrouble(error));
        }
        this.#unreadableEntries.add(entry);
      }
    }
    return [...new Set(paths)];
  }

  async #readChanged(path: string, signature: FileSignature): Promise<void> {
    try {
      const list = await readListFile(path);
      // The file was written to meanwhile; the next poll decides.
      if ((await fileStateIfThere(path))?.signature !== list.signature) return;
      this.#accept(list);
    } catch (error) {
      this.#refused.set(path, signature);
      this.#complain('error', 'blocklists.unreadable', path, fileTrouble(error));
    }
  }

  /** Accepts the list, unless it is empty and the earlier version is not. */
  #accept(list: ListFile): void {
    const { log } = this.#options;
    const { path, signature, entries, contentLines, sizeBytes, badLines } = list;
    if (badLines > 0) {
      log.write('warn', 'blocklists.bad_lines', {
        file: path,
        badLines,
        contentLines,
        first: list.firstBadLines,
      });
    }
    const hadEntries = (this.#held(path)?.entries ?? 0) > 0;
    if (entries === 0 && contentLines > 0) {
      this.#refused.set(path, signature);
      this.#complain('error', 'blocklists.nothing_usable', path, 'has lines, but not one that can be used');
      return;
    }
    if (sizeBytes === 0 && hadEntries) {
      this.#refused.set(path, signature);
      this.#complain(
        'warn',
        'blocklists.suddenly_empty',
        path,
        'is empty; a comment line would say that it is meant',
      );
      return;
    }
    this.#refused.delete(path);
    this.#gone.delete(path);
    const others = this.#lists.some((other) => other.path === path)
      ? this.#lists.map((other) => (other.path === path ? list : other))
      : [...this.#lists, list];
    this.#lists = others;
    log.write('info', 'blocklists.loaded', { file: path, entries, badLines, memoryBytes: list.memoryBytes });
  }

  async #noteGone(): Promise<void> {
    for (const { path } of this.#lists) {
      if ((await fileStateIfThere(path)) !== undefined) this.#gone.delete(path);
      else if (!this.#gone.has(path)) {
        this.#gone.add(path);
        this.#complain('warn', 'blocklists.gone', path, 'does not exist any more');
      }
    }
  }

  /** Restores the order of the setting; lists without a file come last. */
  #sort(paths: readonly string[]): void {
    const positions = new Map(paths.map((path, index) => [path, index]));
    const positionOf = ({ path }: ListFile): number => positions.get(path) ?? paths.length;
    this.#lists = [...this.#lists].sort((a, b) => positionOf(a) - positionOf(b));
  }

  #complain(level: 'warn' | 'error', event: string, path: string, trouble: string): void {
    const stays = this.#held(path) === undefined ? '' : '; what was read before stays in force';
    this.#options.log.write(level, event, { file: path, reason: `${path} ${trouble}${stays}` });
  }

  #held(path: string): ListFile | undefined {
    return this.#lists.find((list) => list.path === path);
  }
}
