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
  /** The account that it held when it was last reached: what is shown until it is reached again. */
  accountId: z.string().nullable(),
  /** The access token, encrypted by the system's key store, in base64; null where it lasts for the session only. */
  encryptedToken: z.string().nullable(),
  /** Whether a service has ever been chosen. On the very first start nobody has to choose. */
  chosen: z.boolean(),
  /** Where the embedded service listens, `host:port`, once it has listened there. */
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
 * Which service this console talks to. It is a small file beside the local store and not a table in it, because the
 * store can be rebuilt from the service only while it is known which service that is.
 */
export class ProfileStore {
  readonly #path: string;
  #profile: Profile;

  private constructor(path: string, profile: Profile) {
    this.#path = path;
    this.#profile = profile;
  }

  /** Reads the profile; `setAside` names a file that could not be read and was renamed. */
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
    // Something had been chosen, and guessing what would be wrong: the person is asked again.
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
