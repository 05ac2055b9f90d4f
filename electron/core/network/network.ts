import type { SecureContext } from 'node:tls';
import { z } from 'zod';
import { isLoopbackHost } from '#shared/ip/loopback';
import { t } from '#shared/i18n/t';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import {
  type NetworkChanges,
  type NetworkSettings,
  networkSettingsSchema,
  type NetworkState,
} from '#shared/ipc/network';
import type { Vault } from '../ports';
import type { Settings } from '../store/settings';
import { readAuthorityFile, trustWith } from './authorities';
import { entriesOf, isException } from './exceptions';
import { DIRECT, ownProxyName, parseProxy, proxyName, type Route, routeOfSystem } from './proxy';

/** The client's access to the network. */
export interface NetworkAccess {
  /** Called for each connection, because a laptop changes networks. */
  routeTo(url: URL): Promise<Route>;
  /**
   * Returns the trusted certificate authorities.
   * @throws AuthorityFileError if the file in the settings cannot be used.
   */
  trust(): SecureContext;
}

/** The file with authorities cannot be used; the message is a sentence that names the setting. */
export class AuthorityFileError extends Error {}

export interface NetworkParts {
  readonly settings: Settings;
  readonly vault: Vault;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Returns the system's own settings for a URL: `PROXY host:port; DIRECT`. */
  readonly systemProxy: (url: string) => Promise<string>;
}

const SETTING = 'network';
const keptSchema = networkSettingsSchema.extend({ encryptedPassword: z.string().nullable() });
type Kept = z.infer<typeof keptSchema>;

const DEFAULTS: Kept = {
  proxy: 'system',
  address: '',
  exceptions: '',
  userName: '',
  authorityFile: '',
  encryptedPassword: null,
};

/** The console's network settings: the proxy and the trusted authorities. */
export class Network implements NetworkAccess {
  readonly #parts: NetworkParts;
  /** Undefined until the key store has answered. */
  #password: string | undefined;
  #trust: SecureContext | undefined;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** `serviceUrl` is the remote service in use. */
  async state(serviceUrl: string | undefined): Promise<NetworkState> {
    const { encryptedPassword, ...settings } = this.#kept();
    const password = this.#password !== undefined && this.#password !== '' ? 'session' : 'none';
    return {
      settings,
      password: encryptedPassword === null ? password : 'kept',
      route:
        serviceUrl === undefined
          ? null
          : routeSentence(new URL(serviceUrl), await this.routeTo(new URL(serviceUrl))),
    };
  }

  /** Changes the given settings. Refuses all of them, with the field that is wrong, if one is invalid. */
  async change({ password, ...changes }: NetworkChanges): Promise<Outcome<undefined>> {
    const before = this.#kept();
    const { encryptedPassword: formerPassword, ...former } = before;
    const next: NetworkSettings = { ...former, ...withoutUndefined(changes) };
    const problem = problemOf(next);
    if (problem !== undefined) return failed({ kind: 'invalid', code: 'invalid_setting', ...problem });
    let encryptedPassword = formerPassword;
    if (password !== undefined) {
      const kept = password === '' ? undefined : await this.#parts.vault.encrypt(password);
      encryptedPassword = kept?.kind === 'encrypted' ? Buffer.from(kept.blob).toString('base64') : null;
      this.#password = password;
    } else if (next.address !== former.address || next.userName !== former.userName) {
      // The password was given to the former proxy and must not reach another one.
      encryptedPassword = null;
      this.#password = '';
    }
    this.#parts.settings.write(SETTING, { ...next, encryptedPassword });
    this.#trust = undefined;
    return succeeded(undefined);
  }

  async routeTo(url: URL): Promise<Route> {
    if (isLoopbackHost(url.hostname)) return DIRECT;
    const { proxy, exceptions } = this.#kept();
    if (proxy === 'none') return DIRECT;
    if (proxy === 'own') return isException(url, exceptions) ? DIRECT : await this.#ownRoute();
    const { environment, systemProxy } = this.#parts;
    if (isException(url, variable(environment, 'NO_PROXY')?.value ?? '')) return DIRECT;
    const named =
      variable(environment, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ??
      variable(environment, 'ALL_PROXY');
    if (named === undefined) return routeOfSystem(await systemProxy(url.origin));
    return routeOf(parseProxy(named.value, named.name));
  }

  trust(): SecureContext {
    this.#trust ??= trustWith(this.#ownAuthorities());
    return this.#trust;
  }

  #ownAuthorities(): readonly string[] {
    const { authorityFile } = this.#kept();
    if (authorityFile === '') return [];
    const read = readAuthorityFile(authorityFile);
    if (!read.ok) throw new AuthorityFileError(read.message);
    return read.certificates;
  }

  async #ownRoute(): Promise<Route> {
    const { address, userName, encryptedPassword } = this.#kept();
    const read = parseProxy(address, ownProxyName());
    if (!read.ok) return { kind: 'refused', message: read.message };
    if (userName === '') return { kind: 'proxy', proxy: read.proxy };
    if (this.#password === undefined && encryptedPassword !== null) {
      const read = await this.#parts.vault.decrypt(Buffer.from(encryptedPassword, 'base64'));
      if (read.kind === 'locked') return { kind: 'refused', message: t('network.proxyPasswordLocked') };
      if (read.kind === 'decrypted') this.#password = read.secret;
    }
    return {
      kind: 'proxy',
      proxy: { ...read.proxy, credentials: { userName, password: this.#password ?? '' } },
    };
  }

  #kept(): Kept {
    return this.#parts.settings.read(SETTING, keptSchema) ?? DEFAULTS;
  }
}

/** Returns access without a proxy and with the default authorities. */
export function directNetwork(): NetworkAccess {
  let trust: SecureContext | undefined;
  return { routeTo: () => Promise.resolve(DIRECT), trust: () => (trust ??= trustWith([])) };
}

function routeOf(read: ReturnType<typeof parseProxy>): Route {
  return read.ok ? { kind: 'proxy', proxy: read.proxy } : { kind: 'refused', message: read.message };
}

function routeSentence({ host }: URL, route: Route): string {
  if (route.kind === 'direct') return t('network.direct', { host });
  if (route.kind === 'refused') return route.message;
  const { proxy } = route;
  return t('network.through', { host, proxy: proxyName(proxy), namedBy: proxy.namedBy });
}

/** Returns the setting that is wrong, and the reason. */
function problemOf(
  settings: NetworkSettings,
): { readonly field: keyof NetworkSettings; readonly message: string } | undefined {
  if (settings.proxy === 'own') {
    if (settings.address.trim() === '') {
      return { field: 'address', message: t('network.enterProxy') };
    }
    const read = parseProxy(settings.address, ownProxyName());
    if (!read.ok) return { field: 'address', message: read.message };
    if (read.proxy.credentials !== undefined) {
      return { field: 'address', message: t('network.proxyOwnFields') };
    }
  }
  const odd = entriesOf(settings.exceptions).find((entry) => /:\/\/|@/.test(entry));
  if (odd !== undefined) {
    return { field: 'exceptions', message: t('network.noException', { entry: odd }) };
  }
  if (settings.authorityFile === '') return undefined;
  const file = readAuthorityFile(settings.authorityFile);
  return file.ok ? undefined : { field: 'authorityFile', message: file.message };
}

/** As in curl, lower case comes first and an empty variable does not count. */
function variable(
  environment: NetworkParts['environment'],
  name: string,
): { readonly name: string; readonly value: string } | undefined {
  for (const spelling of [name.toLowerCase(), name]) {
    const value = environment[spelling]?.trim();
    if (value !== undefined && value !== '') return { name: spelling, value };
  }
  return undefined;
}

function withoutUndefined<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
