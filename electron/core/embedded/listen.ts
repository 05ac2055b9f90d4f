import { t } from '#shared/i18n/t';

/** The addresses that the embedded service tries, in order. */
export interface ListenChoice {
  /** `host:port`; at least one. */
  readonly candidates: readonly string[];
  /** True if the next start uses the address that worked. */
  readonly isRemembered: boolean;
}

const HOST = '127.0.0.1';
const FIRST_PORT = 8787;
const LAST_PORT = 8797;

/**
 * Returns the addresses to try. The first start takes the usual port or one of the next ten; later starts keep to the one
 * found then, because a reverse proxy may point at it. GATEHOUSE_EMBEDDED_LISTEN (`host:port`, port 0 for any free one)
 * overrides both and is not remembered; it is meant for tests and scripts.
 * @throws Error if the override is no `host:port`.
 */
export function chooseListen(remembered: string | null, override: string | undefined): ListenChoice {
  if (override !== undefined && override !== '') {
    if (!isListen(override)) {
      throw new Error(t('embedded.listenSetting', { value: override }));
    }
    return { candidates: [override], isRemembered: false };
  }
  if (remembered !== null && isListen(remembered)) return { candidates: [remembered], isRemembered: true };
  const count = LAST_PORT - FIRST_PORT + 1;
  return {
    candidates: Array.from({ length: count }, (_, index) => `${HOST}:${FIRST_PORT + index}`),
    isRemembered: true,
  };
}

function isListen(text: string): boolean {
  const match = /^(?:\[[0-9a-f:.]+\]|[^\s:[\]]+):(\d{1,5})$/i.exec(text);
  return match !== null && Number(match[1]) <= 65_535;
}
