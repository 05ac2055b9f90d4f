const LONGEST = 240;
const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|UND_ERR|CERT_|certificate|Response code|fetch failed|other side closed/;

/** The electron package's installer supports Node from this version on. */
const FETCHING_NODE = [22, 12] as const;

/** Returns one clause that says what went wrong, from a Node program's standard error, without the stack trace. */
export function summarise(stderr: string): string {
  const lines = stderr
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '));
  const error = lines.find((line) => /^(\w+ )?\w*Error\b.*?: ./.test(line));
  const text =
    error?.replace(/^(\w+ )?\w*Error\b( \[[A-Z_]+\])?: /, '') ?? lines.at(-1) ?? 'it ended without a message';
  const clause = text.replace(/[.\s]+$/, '');
  return clause.length > LONGEST ? `${clause.slice(0, LONGEST)}…` : clause;
}

/** Returns the reason why Electron's binary could not be fetched; names the Node version if that may be the cause. */
export function summariseFetchFailure(stderr: string, nodeVersion: string): string {
  const reason = summarise(stderr);
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number);
  const isOlder = major < FETCHING_NODE[0] || (major === FETCHING_NODE[0] && minor < FETCHING_NODE[1]);
  if (!isOlder || NETWORK.test(reason)) return reason;
  return `${reason} (fetching it needs Node ${FETCHING_NODE.join('.')} or newer, this is ${nodeVersion})`;
}
