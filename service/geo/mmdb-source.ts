import type { ServiceLog } from '../service-log';
import type { FoundFile, GeoRole } from './conventional-files';
import { fileStateIfThere, fileTrouble, type FileSignature } from './file-state';
import type { MmdbFile } from './mmdb-file';

export interface Candidate extends FoundFile {
  /** Part of the installation, which does not change while the service runs, so it is not watched. */
  readonly isFixed: boolean;
}

/**
 * Inside an app's archive Electron invents another inode for each `stat`, so files that do not change have this signature.
 */
const FIXED: FileSignature = 'fixed';

interface MmdbSourceOptions {
  readonly role: GeoRole;
  /** Returns the usable files, the preferred one first. */
  readonly candidates: () => Promise<readonly Candidate[]>;
  readonly open: (path: string) => Promise<MmdbFile>;
  readonly log: ServiceLog;
}

/**
 * The file for one role: the best that can be read, read again when it changes or a better one appears. The content that
 * was read stays in use while its file is missing or unreadable.
 */
export class MmdbSource {
  readonly #options: MmdbSourceOptions;
  #file: MmdbFile | undefined;
  #rank = Infinity;
  /** The signatures of refused files, so that each is read and reported once. */
  readonly #refused = new Map<string, FileSignature>();
  #isGone = false;

  constructor(options: MmdbSourceOptions) {
    this.#options = options;
  }

  get file(): MmdbFile | undefined {
    return this.#file;
  }

  /** Replaces the file by a newer or better one. Never throws for a bad file. */
  async refresh(): Promise<void> {
    const { candidates, log, role } = this.#options;
    const there: (Candidate & { readonly signature: FileSignature })[] = [];
    for (const candidate of await candidates()) {
      const state = await fileStateIfThere(candidate.path);
      if (state === undefined) continue;
      there.push({ ...candidate, signature: candidate.isFixed ? FIXED : state.signature });
    }

    const current = this.#file;
    const isCurrentThere = there.some(({ path }) => path === current?.path);
    if (current !== undefined && !isCurrentThere && !this.#isGone) {
      log.write('warn', 'geo.file_gone', { role, file: current.path, detail: 'what was read stays in use' });
    }
    this.#isGone = !isCurrentThere;

    for (const candidate of there) {
      // While an updater replaces its file, the loaded content is better than a lesser file.
      if (current !== undefined && !isCurrentThere && candidate.rank > this.#rank) return;
      const isCurrent = candidate.path === current?.path;
      if (isCurrent && (candidate.isFixed || candidate.signature === current.signature)) return;
      if ((await this.#take(candidate, candidate.signature)) || isCurrent) return;
    }
  }

  /**
   * Reads exactly this file.
   * @throws the errors of `open`.
   */
  async load(path: string): Promise<void> {
    this.#use(await this.#options.open(path), 0);
  }

  async #take({ path, rank }: Candidate, signature: FileSignature): Promise<boolean> {
    if (this.#refused.get(path) === signature) return false;
    const { open, log, role } = this.#options;
    try {
      this.#use(await open(path), rank);
      return true;
    } catch (error) {
      this.#refused.set(path, signature);
      log.write('warn', 'geo.file_unusable', {
        role,
        file: path,
        reason: `${path} ${fileTrouble(error)}`,
        inUse: this.#file?.path ?? null,
      });
      return false;
    }
  }

  #use(file: MmdbFile, rank: number): void {
    this.#file = file;
    this.#rank = rank;
    this.#isGone = false;
    this.#refused.delete(file.path);
    this.#options.log.write('info', 'geo.loaded', {
      role: this.#options.role,
      file: file.path,
      databaseType: file.databaseType,
      builtAt: file.builtAt.toISOString(),
    });
  }
}
