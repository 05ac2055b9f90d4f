/** A user agent can be copied, so the match says how likely two strangers send the same text by chance. */
export type AgentMatch =
  /** The same text, and it names a program and its version. */
  | 'same'
  /** The same text and a version, but of a tool that strangers have in the same version. */
  | 'popular'
  /** Another version of the same rare program. */
  | 'other-version'
  /** The same text, but one that never changes or that everybody sends. */
  | 'common';

/** The version of these never changes, so it is no evidence. */
const FIXED_VERSIONS: ReadonlySet<string> = new Set([
  'go-http-client',
  'node-fetch',
  'undici',
  'node.js',
  'guzzlehttp',
  'python-urllib',
]);

/** These come with the system or update themselves, so a handful of versions covers most machines. */
const POPULAR_TOOLS: ReadonlySet<string> = new Set([
  'curl',
  'wget',
  'postmanruntime',
  'insomnia',
  'httpie',
  'powershell',
]);

/** Everybody uses these libraries, thieves included, so one version says little about the next. */
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

/** At least `1.2`, because everybody who uses a library shares its bare name or major number. */
function hasVersion(agent: string): boolean {
  return /\d+\.\d+/.test(agent);
}

/**
 * Returns how likely strangers send the same text. `common`: browsers (and programs that pose as one, the favourite
 * disguise), programs without a version, and those whose version is always the same. `popular`: tools that everybody has.
 */
function rarityOf(agent: string): 'common' | 'popular' | 'rare' {
  if (/^mozilla\//i.test(agent) || !hasVersion(agent) || FIXED_VERSIONS.has(product(agent))) return 'common';
  return POPULAR_TOOLS.has(product(agent)) ? 'popular' : 'rare';
}

/** Returns undefined if the agents are not similar. */
export function matchAgents(known: string, agent: string): AgentMatch | undefined {
  const rarity = rarityOf(agent);
  if (known === agent) return rarity === 'rare' ? 'same' : rarity;
  // Otherwise every browser would resemble every other.
  if (rarity !== 'rare' || rarityOf(known) !== 'rare') return undefined;
  const isOtherVersion = product(known) === product(agent) && !POPULAR_LIBRARIES.has(product(agent));
  return isOtherVersion ? 'other-version' : undefined;
}
