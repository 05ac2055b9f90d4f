import { DAY_MS } from '#shared/durations';

/**
 * All numbers of the trust review. An address is trusted if the sum of its evidence reaches THRESHOLD and nothing
 * vetoes. Weights have no unit; only their sums against the threshold have a meaning. The sums that matter:
 *
 * | evidence                                                                 | sum      |         |
 * |--------------------------------------------------------------------------|----------|---------|
 * | same /16 + same access network + same country, agent not known           | 60       | refused |
 * | the same, with an agent that anybody might have (a browser, bare Go)     | 70       | trusted |
 * | the same, with the exact agent                                           | 85       | trusted |
 * | access network used from 4 or more /16s, new /16, country, exact agent   | 73       | trusted |
 * | the same, with a tool that many have (curl)                              | 65       | trusted |
 * | the same, with an agent that anybody might have                          | 58       | refused |
 * | access network used from fewer /16s, new /16, country, exact agent       | 50 to 55 | refused |
 * | same /16 of a cloud in use, country, exact agent                         | 70       | trusted |
 * | the same, with a tool that many have, or another version                 | 62 or 57 | refused |
 * | another /16 of a cloud in use, country, exact agent                      | 35       | refused |
 * | no data on networks: same /16 + country + exact agent                    | 70       | trusted |
 * | no data at all: same /16 + exact agent                                   | 60       | refused |
 * | country + exact agent                                                    | 35       | refused |
 *
 * Where the data know the region, and the key is used from it, at a new /16:
 *
 * | evidence                                                                 | sum      |         |
 * |--------------------------------------------------------------------------|----------|---------|
 * | same region of a cloud in use, country, exact agent                      | 65       | trusted |
 * | the same, with a tool that many have, or one that anybody might have     | 57 or 50 | refused |
 * | access network used from 4 or more /16s, country, agent not known        | 59       | refused |
 * | access network used from 2 or 3 /16s, country, exact agent               | 66       | trusted |
 * | access network used from one /16, country, exact agent                   | 61       | refused |
 *
 * With usual requests and a known TLS client, which both can be copied, as well:
 *
 * | evidence                                                                 | sum      |         |
 * |--------------------------------------------------------------------------|----------|---------|
 * | same /16 + same access network + same country, agent not known           | 63       | refused |
 * | the same, with an agent that the key is used with since yesterday        | 64       | refused |
 * | access network used from 4 or more /16s, new /16, an agent of anybody    | 61       | refused |
 * | same /16 of a cloud in use, country, a tool that many have               | 64       | refused |
 * | another /16 of a cloud in use, country, exact agent                      | 37       | refused |
 * | no data at all: same /16 + exact agent (nothing places it)               | 63       | refused |
 * | same region of a cloud in use, country, a tool that many have            | 59       | refused |
 * | same region, access network used from 4 or more /16s, agent not known    | 62       | refused |
 * | same region, access network used from one /16, country, exact agent      | 64       | refused |
 */

/** Network, country and neighbourhood without the agent sum up to 60, so a stranger in the same town is refused. */
export const THRESHOLD = 65;

export const WEIGHTS = {
  /** The strongest: dynamic addresses come from the same few pools, and a stranger rarely hits one. */
  adjacentPrefix: 35,
  /**
   * For IPv6 the same /40: access providers give one to a region, as they do with an IPv4 /16. A little less than the
   * /48, and not for clouds, which give a /40 to all their tenants.
   */
  nearPrefix: 32,
  /** Several networks share the /16, and this one was never used: hardly more than a coincidence. */
  adjacentPrefixOfAnotherNetwork: 10,

  /** A country has some ten access providers, so this is weak evidence. */
  sameNetwork: 15,
  /**
   * The key moves about in this network, in so many prefixes that one more is expected. Not given while strange addresses
   * try the key, because one more may be one of those.
   */
  wideNetworkBonus: 23,
  /** Two or three prefixes: the key moves, but one more is still news. */
  movingNetworkBonus: 5,
  /**
   * Anybody can rent a machine in the same cloud within a minute, so this is less than an access provider, without a bonus.
   */
  sameHostingNetwork: 10,
  /** Inside a private network it stands for provider and country. */
  samePrivateNetwork: 25,
  /** The provider is known from another country: clouds and some carriers span continents. */
  sameNetworkElsewhere: 5,

  /** Millions share a country, and proxies in it are for sale. It only adds to other evidence. */
  sameCountry: 10,

  /**
   * Anybody can rent in a region of a cloud, so it speaks only together with all that an honest function has: the network, the
   * country and the exact agent come to the threshold with it, and the least thing against the address refuses it.
   */
  sameCloudRegion: 30,
  /**
   * With a network that the key moves widely in it comes to nearly what a neighbour has, so that a known agent is needed too.
   * Where only one /16 is known, even the exact agent, usual requests and a known TLS client stay below the threshold.
   */
  sameProviderRegion: 11,

  /** An agent can be copied, so with the country it stays far below the threshold; but most thieves do not know it. */
  knownAgent: 25,
  /** Tools that come with the system, such as curl: enough for a person on the move, not for a shared cloud. */
  popularAgent: 17,
  /** Another version of a known program: updates happen, but anybody can guess the name. */
  knownAgentOtherVersion: 12,
  /** Browsers and bare tools have the same name everywhere, so a coincidence is likely. */
  commonAgent: 10,
  /**
   * Seen too recently, or in too few prefixes, to belong to the key: an upgrade, or a thief who got in once. With usual
   * requests and a known TLS client it stays below the 5 that a stranger in the very neighbourhood (60) lacks.
   */
  newAgent: 1,

  /**
   * The method, the first part of the path and the hour are usual for the key. Most thieves try other paths, but the
   * documentation of an API names its paths: it tips the balance only where nearly all is there.
   */
  usualRequest: 2,
  /** In a shared cloud least, so that a common tool in the very neighbourhood (62) stays below the threshold. */
  usualRequestFromHosting: 1,
  /** A key of few habits that is asked for something else: enough to refuse all but a neighbour with the exact agent. */
  unusualRequest: -15,

  /**
   * The TLS client belongs to the key. Programs share it with all that are built with the same library, so it says little more
   * than the agent; it tells the copied agent from the program itself.
   */
  knownFingerprint: 1,
  knownFingerprintFromHosting: 1,

  /** Rented machines. Only the neighbourhood, the country and the exact agent together outweigh it. */
  hosting: -10,
  /** A hosting network that this key was never used from: an honest serverless function does not move there by itself. */
  unusedHosting: -25,
  /** VPN providers and Tor exist to hide who calls. */
  anonymizer: -40,

  /** Many unknown addresses within an hour: enough to refuse all but a neighbour with the exact agent. */
  burst: -20,
  /** So many that the key is certainly stolen: the best evidence, 85, no longer suffices. */
  largeBurst: -60,
  /**
   * One or two open reviews of strange networks: only a neighbour with the exact agent (85) or the exact tool (77) is still
   * trusted.
   */
  fewUnanswered: -12,
  /** Several look like a slow spray, which only a person should decide; 85 no longer suffices. */
  someUnanswered: -25,
  /** With many the sum shows the certainty. */
  manyUnanswered: -40,

  /** Nobody travels that fast between two calls; but one key serves many machines, so it is no veto. */
  impossibleTravel: -30,
  /** The key is too young to have habits; marginal cases wait for a person. */
  freshKey: -10,
  /** Nobody expects calls with this key any more, so they are probably not its owner's. */
  dormantKey: -25,

  /** More than all evidence in favour (85), so that the sum shows the refusal too. The veto itself is no sum. */
  veto: -100,
} as const;

export const WINDOWS_MS = {
  /** Neighbourhoods change hands slowly, but pools are redrawn (docs/behaviour.md 1.6). */
  adjacentPrefix: 30 * DAY_MS,
  /** The same span for the breadth of a network, because only current movement counts. */
  networkBreadth: 30 * DAY_MS,
  /** A slow spray adds up over this time, and a person has had the time to answer. */
  unanswered: 7 * DAY_MS,
  /** As with neighbourhoods, because clouds move what they run. */
  sameRegion: 30 * DAY_MS,
  /** Contracts with providers outlast a quarter of a year of silence; older use says nothing about today. */
  sameNetwork: 90 * DAY_MS,
  sameCountry: 90 * DAY_MS,
  knownAgent: 90 * DAY_MS,
  /** An agent belongs to the key when it was first seen this long ago. A longer time would make each upgrade cost days. */
  establishedAgent: 2 * DAY_MS,
  /** In clouds, an agent is current if it was used within this time: a weekly job with some days to spare. */
  currentAgent: 10 * DAY_MS,
  /** A method or a first part of a path belongs to the key when it was first asked for this long ago; see `establishedAgent`. */
  establishedHabit: 2 * DAY_MS,
  /** Two weekends and the days between show what a key is used for. */
  stableHabit: 10 * DAY_MS,
  knownFingerprint: 90 * DAY_MS,
  /** See `establishedAgent`. */
  establishedFingerprint: 2 * DAY_MS,
  /** Keys show their habits within a few working days. */
  freshKey: 3 * DAY_MS,
  /** Monthly jobs are alive; a key that missed a whole month and half of the next is not. */
  dormantKey: 45 * DAY_MS,
} as const;

export const COUNTS = {
  /** Distinct prefixes (IPv4 /16, IPv6 /48) of one network from which a key "moves" and from which it moves "widely". */
  movingNetwork: 2,
  wideNetwork: 4,
  /**
   * An agent also belongs to the key when seen in this many prefixes, because an upgraded fleet is everywhere within hours.
   * With three, the evaluation trusts a thief in a cloud region of which the owner had many /24s authorized.
   */
  establishedAgentPrefixes: 5,
  /** Counted calls from which shares of them say something. */
  habitCalls: 10,
  /** Counted calls without a certain request from which that request is news, for a key with at most so many segments. */
  stableHabitCalls: 50,
  stableHabitSegments: 8,
  /** Distinct unknown addresses in an hour. A team that travels causes one or two; five at once are something else. */
  burst: 5,
  largeBurst: 15,
  /** Distinct unanswered unknown addresses of strange networks in a week. */
  fewUnanswered: 1,
  someUnanswered: 3,
  manyUnanswered: 10,
} as const;

/** Shares of a key's calls. */
export const SHARES = {
  /** A method or a first part of a path that is asked for this often is usual. */
  usualRequest: 0.05,
  /** The hour and those beside it have an eighth of the calls where all hours are alike. */
  usualHour: 0.03,
} as const;

/** Airliners do about 900 km/h; nobody travels faster than this between two countries. */
export const FASTEST_TRAVEL_KM_PER_HOUR = 1_000;
