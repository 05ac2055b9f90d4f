import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ServiceRef, serviceRefSchema } from '#shared/ipc/connection';
import { replaceFile } from '../replace-file';
import { isoTime } from '../text';

const FILE_NAME = 'profile.json';

const connectionSchema = z.object({
  /** An id of ours, which stays when the token or the account behind the address changes. */
  id: z.string(),
  service: serviceRefSchema,
  /** The account that the service held when it was last reached, which is shown until it is reached again. */
  accountId: z.string().nullable(),
  /** The access token, encrypted by the system's key store, in base64; null if it lasts for the session only. */
  encryptedToken: z.string().nullable(),
  /** The plain address to which a person allowed the token to be sent unencrypted. */
  plainUrl: z.string().nullable(),
});
type KeptConnection = z.infer<typeof connectionSchema>;

const fileSchema = z.object({
  /** In the order in which they were made. */
  connections: z.array(connectionSchema),
  /** The id of the connection whose account was shown last. */
  shown: z.string().nullable(),
  /** True once a service was chosen. At the very first start nobody has to choose (docs/behaviour.md 8.1.1). */
  chosen: z.boolean(),
  /** The `host:port` at which the embedded service has listened before; null if it never has. */
  embeddedListen: z.string().nullable(),
});

/** The part of a connection that may change. Its service is null before one is chosen and after "forget". */
type ConnectionFields = Omit<KeptConnection, 'id' | 'service'> & { readonly service: ServiceRef | null };

/** What all connections have in common. */
type SharedFields = Pick<z.infer<typeof fileSchema>, 'shown' | 'chosen' | 'embeddedListen'>;

/** One connection, with what it shares with the others. */
export type Profile = ConnectionFields & Omit<SharedFields, 'shown'>;

const NO_CONNECTION: ConnectionFields = {
  service: null,
  accountId: null,
  encryptedToken: null,
  plainUrl: null,
};
const NOTHING_SHARED: SharedFields = { shown: null, chosen: false, embeddedListen: null };

/** One connection in the file of all. */
export interface AccountProfile {
  read(): Profile;
  /** Changes some fields. The file is replaced as a whole, so that a crash leaves the old or the new one. */
  update(changes: Partial<Profile>): void;
}

/**
 * The services to which this console connects. It is a file beside the local store and no table in it, because the store can be
 * rebuilt only from a service that is known.
 */
export class ProfileStore {
  readonly #path: string;
  #connections: ReadonlyMap<string, ConnectionFields>;
  #shared: SharedFields;

  private constructor(path: string, connections: readonly KeptConnection[], shared: SharedFields) {
    this.#path = path;
    this.#connections = new Map(connections.map(({ id, ...fields }) => [id, fields]));
    this.#shared = shared;
  }

  /** Reads the file. `setAside` is the path of an unreadable file that was renamed, or null. */
  static open(
    folder: string,
    nowMs: number,
  ): { readonly profile: ProfileStore; readonly setAside: string | null } {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, FILE_NAME);
    if (!existsSync(path)) return { profile: new ProfileStore(path, [], NOTHING_SHARED), setAside: null };
    const parsed = fileSchema.safeParse(readJson(path));
    if (parsed.success) {
      const { connections, ...shared } = parsed.data;
      return { profile: new ProfileStore(path, connections, shared), setAside: null };
    }
    const setAside = join(folder, `profile.damaged-${isoTime(nowMs).replace(/[:.]/g, '-')}.json`);
    renameSync(path, setAside);
    // A guess of the chosen service would be wrong, so the person is asked again.
    return { profile: new ProfileStore(path, [], { ...NOTHING_SHARED, chosen: true }), setAside };
  }

  /** The ids of the connections, in order. */
  get ids(): readonly string[] {
    return [...this.#connections.keys()];
  }

  /** The id of the connection whose account was shown last. */
  get shown(): string | null {
    return this.#shared.shown;
  }

  noteShown(id: string): void {
    this.#write(this.#connections, { ...this.#shared, shown: id });
  }

  /** Returns one connection, which is in the file from the moment at which it has a service. */
  of(id: string): AccountProfile {
    return {
      read: () => {
        const { chosen, embeddedListen } = this.#shared;
        return { ...(this.#connections.get(id) ?? NO_CONNECTION), chosen, embeddedListen };
      },
      update: ({ chosen, embeddedListen, ...changes }) => {
        const fields = { ...(this.#connections.get(id) ?? NO_CONNECTION), ...changes };
        this.#write(new Map([...this.#connections, [id, fields]]), {
          ...this.#shared,
          ...(chosen !== undefined && { chosen }),
          ...(embeddedListen !== undefined && { embeddedListen }),
        });
      },
    };
  }

  #write(connections: ReadonlyMap<string, ConnectionFields>, shared: SharedFields): void {
    const kept = [...connections].flatMap(([id, { service, ...fields }]) =>
      service === null ? [] : [{ id, service, ...fields }],
    );
    replaceFile(this.#path, `${JSON.stringify({ connections: kept, ...shared }, null, 2)}\n`, 0o600);
    this.#connections = connections;
    this.#shared = shared;
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
