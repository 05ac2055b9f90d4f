import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { serviceRefSchema } from '#shared/ipc/connection';
import { replaceFile } from '../replace-file';
import { isoTime } from '../text';

const FILE_NAME = 'profile.json';

const profileSchema = z.object({
  /** The service that was chosen last; null after "forget". */
  service: serviceRefSchema.nullable(),
  /** The account that the service held when it was last reached, which is shown until it is reached again. */
  accountId: z.string().nullable(),
  /** The access token, encrypted by the system's key store, in base64; null if it lasts for the session only. */
  encryptedToken: z.string().nullable(),
  /** True once a service was chosen. At the very first start nobody has to choose (docs/behaviour.md 8.1.1). */
  chosen: z.boolean(),
  /** The `host:port` at which the embedded service has listened before; null if it never has. */
  embeddedListen: z.string().nullable(),
  /** The plain address to which a person allowed the token to be sent unencrypted. */
  plainUrl: z.string().nullable(),
});
export type Profile = z.infer<typeof profileSchema>;

const EMPTY: Profile = {
  service: null,
  accountId: null,
  encryptedToken: null,
  chosen: false,
  embeddedListen: null,
  plainUrl: null,
};

/**
 * The service to which this console connects. It is a file beside the local store and no table in it, because the store can be
 * rebuilt only from a service that is known.
 */
export class ProfileStore {
  readonly #path: string;
  #profile: Profile;

  private constructor(path: string, profile: Profile) {
    this.#path = path;
    this.#profile = profile;
  }

  /** Reads the profile. `setAside` is the path of an unreadable file that was renamed, or null. */
  static open(
    folder: string,
    nowMs: number,
  ): { readonly profile: ProfileStore; readonly setAside: string | null } {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, FILE_NAME);
    if (!existsSync(path)) return { profile: new ProfileStore(path, EMPTY), setAside: null };
    const parsed = profileSchema.safeParse(readJson(path));
    if (parsed.success) return { profile: new ProfileStore(path, parsed.data), setAside: null };
    const setAside = join(folder, `profile.damaged-${isoTime(nowMs).replace(/[:.]/g, '-')}.json`);
    renameSync(path, setAside);
    // A guess of the chosen service would be wrong, so the person is asked again.
    return { profile: new ProfileStore(path, { ...EMPTY, chosen: true }), setAside };
  }

  read(): Profile {
    return this.#profile;
  }

  /** Changes some fields. The file is replaced as a whole, so that a crash leaves the old or the new one. */
  update(changes: Partial<Profile>): void {
    const next = { ...this.#profile, ...changes };
    replaceFile(this.#path, `${JSON.stringify(next, null, 2)}\n`, 0o600);
    this.#profile = next;
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
