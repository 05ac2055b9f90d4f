/**
 * What a user agent tells of its sender. All of it can be copied; the question is how likely two strangers send the
 * same by chance.
 */
export type AgentMatch =
  /** The very same text, and it names a program and its version. */
  | 'same'
  /** The same text and a version, but of a tool that strangers have in the same version. */
  | 'popular'
  /** Another version of the same program, one that is not in everybody's hands. */
  | 'other-version'
  /** The same text, but one that never changes or that everybody sends. */
  | 'common';

/** Their version never changes, so it tells nothing. */
const FIXED_VERSIONS: ReadonlySet<string> = new Set([
  'go-http-client',
  'node-fetch',
  'undici',
  'node.js',
  'guzzlehttp',
  'python-urllib',
]);

/** Tools that come with the system or update themselves: a handful of versions covers most machines. */
const POPULAR_TOOLS: ReadonlySet<string> = new Set([
  'curl',
  'wget',
  'postmanruntime',
  'insomnia',
  'httpie',
  'powershell',
]);

/** Libraries that thieves use as well as everybody else: one version says little about the next. */
const POPULAR_LIBRARIES: ReadonlySet<string> = new Set([
  'aiohttp',
  'apache-httpclient',
  'axios',
  'got',
  'java',
  'libwww-perl',
  'okhttp',
  'python',
  'python-httpx',
  'python-requests',
  'reqwest',
  'ruby',
  'rest-client',
]);

function product(agent: string): string {
  return (/^[^/\s(]+/.exec(agent)?.[0] ?? '').toLowerCase();
}

/** `1.2` at least: a bare name or a bare major number is shared by everybody who uses the library. */
function hasVersion(agent: string): boolean {
  return /\d+\.\d+/.test(agent);
}

/**
 * How likely strangers send the same text. `common`: browsers (and whatever poses as one, the favourite disguise),
 * programs without a version, and those whose version is always the same. `popular`: tools that everybody has.
 */
export function rarityOf(agent: string): 'common' | 'popular' | 'rare' {
  if (/^mozilla\//i.test(agent) || !hasVersion(agent) || FIXED_VERSIONS.has(product(agent))) return 'common';
  return POPULAR_TOOLS.has(product(agent)) ? 'popular' : 'rare';
}

/** How an agent resembles one that is known; undefined where it does not. */
export function matchAgents(known: string, agent: string): AgentMatch | undefined {
  const rarity = rarityOf(agent);
  if (known === agent) return rarity === 'rare' ? 'same' : rarity;
  // Of the others only the same text counts: otherwise every browser would resemble every other.
  if (rarity !== 'rare' || rarityOf(known) !== 'rare') return undefined;
  const isOtherVersion = product(known) === product(agent) && !POPULAR_LIBRARIES.has(product(agent));
  return isOtherVersion ? 'other-version' : undefined;
}
