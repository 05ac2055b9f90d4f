import type { SentKey } from '../../gate/call';
import { bearerTokenIn } from './request-headers';

type KeyReader = (rawHeaders: readonly string[]) => SentKey;

const AUTHORIZATION = 'authorization';

/** The configured name for the user name of HTTP Basic. It is no header. */
const BASIC = 'basic';

const BASIC_CREDENTIALS = /^basic[ \t]+(\S.*)$/i;

/**
 * Returns the user name of `Authorization: Basic`. Credentials that are not written as RFC 4648 and RFC 7617 say are
 * returned as they are, which is never a key: decoders differ, and the API could find a key that nobody has evaluated.
 */
function basicUserIn(authorization: string): string | undefined {
  const encoded = BASIC_CREDENTIALS.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const credentials = bytes.toString('utf8');
  const end = credentials.indexOf(':');
  return end > 0 && bytes.toString('base64') === encoded ? credentials.slice(0, end) : authorization;
}

/**
 * Creates the reader of API keys (docs/behaviour.md 3.2). Header names are in lower case; `authorization` stands for a bearer
 * token, `basic` for the user name of HTTP Basic. Keys that differ are ambiguous, and so are two different `authorization` lines.
 */
export function createKeyReader(keyHeaders: readonly string[]): KeyReader {
  const names = new Set(keyHeaders);
  const takesBearer = names.has(AUTHORIZATION);
  const takesBasic = names.delete(BASIC);
  if (takesBasic) names.add(AUTHORIZATION);

  const keyIn = (name: string, value: string): string | undefined => {
    if (name !== AUTHORIZATION) return value === '' ? undefined : value;
    return (takesBearer ? bearerTokenIn(value) : undefined) ?? (takesBasic ? basicUserIn(value) : undefined);
  };

  return (rawHeaders) => {
    let apiKey: string | undefined;
    let authorization: string | undefined;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = (rawHeaders[index] ?? '').toLowerCase();
      if (!names.has(name)) continue;
      const value = (rawHeaders[index + 1] ?? '').trim();
      if (name === AUTHORIZATION) {
        if (authorization !== undefined && authorization !== value) return { kind: 'ambiguous' };
        authorization = value;
      }
      const key = keyIn(name, value);
      if (key === undefined) continue;
      if (apiKey !== undefined && apiKey !== key) return { kind: 'ambiguous' };
      apiKey = key;
    }
    return apiKey === undefined ? { kind: 'none' } : { kind: 'one', apiKey };
  };
}
