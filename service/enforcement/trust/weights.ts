/**
 * Every number of the trust review. Read it as a sum: an address is trusted when its evidence reaches THRESHOLD and
 * nothing vetoes. Weights have no unit; only their sums against the threshold mean something. The sums that matter:
 *
 * | evidence                                                                 | sum      |         |
 * |--------------------------------------------------------------------------|----------|---------|
 * | same /16 + same access network + same country, agent not known           | 60       | refused |
 * | the same, with an agent that anybody might have (a browser, bare Go)     | 70       | trusted |
 * | the same, with the very agent                                            | 85       | trusted |
 * | access network used from 4 or more /16s, new /16, country, very agent    | 73       | trusted |
 * | the same, with a tool that many have (curl)                              | 65       | trusted |
 * | the same, with an agent that anybody might have                          | 58       | refused |
 * | access network used from fewer /16s, new /16, country, very agent        | 50 to 55 | refused |
 * | same /16 of a cloud in use, country, very agent                          | 70       | trusted |
 * | the same, with a tool that many have, or another version                 | 62 or 57 | refused |
 * | another /16 of a cloud in use, country, very agent                       | 35       | refused |
 * | no data on networks: same /16 + country + very agent                     | 70       | trusted |
 * | no data at all: same /16 + very agent                                    | 60       | refused |
 * | country + very agent                                                     | 35       | refused |
 */

/** All of network, country and neighbourhood without the agent is 60: a stranger in the same town is not let in. */
export const THRESHOLD = 65;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const WEIGHTS = {
  /** The strongest: dynamic addresses come from the same few pools, and a stranger hits one by rare chance. */
  adjacentPrefix: 35,
  /**
   * For IPv6 the same /40: access providers give one to a region, as they do with an IPv4 /16. A little less than the
   * /48, and not for clouds, which give a /40 to all their tenants.
   */
  nearPrefix: 32,
  /** A /16 shared by several networks, of which this one was never used: hardly more than a coincidence. */
  adjacentPrefixOfAnotherNetwork: 10,

  /** An access provider is one of some ten in a country: something, not much. */
  sameNetwork: 15,
  /**
   * For a key that moves about in this network, seen in so many prefixes that one more is what to expect. Not given
   * while strange addresses try the key: then one more may as well be one of those.
   */
  wideNetworkBonus: 23,
  /** Two or three prefixes: it does move, but one more is still news. */
  movingNetworkBonus: 5,
  /** Anybody rents a machine at the same cloud within a minute: less than an access provider, and no bonus. */
  sameHostingNetwork: 10,
  /** Inside one's own walls the private network is provider and country in one. */
  samePrivateNetwork: 25,
  /** The provider is known, but from another country: clouds and some carriers span continents. */
  sameNetworkElsewhere: 5,

  /** Millions share it, and a proxy in it is for sale. It helps where other evidence is there. */
  sameCountry: 10,

  /** It can be copied, so together with the country it stays far below the threshold; but most thieves do not know it. */
  knownAgent: 25,
  /** Tools that come with the system, such as curl: enough for a person on the move, not for a shared cloud. */
  popularAgent: 17,
  /** Another version of a program in use: updates happen, and but anybody can guess the name. */
  knownAgentOtherVersion: 12,
  /** Browsers and bare tools that call themselves the same everywhere: a coincidence is likely. */
  commonAgent: 10,
  /** Seen too lately, or in too few places by now, to belong to the key: an upgrade, or a thief who got in once. */
  newAgent: 8,

  /** Machines for rent. Only the neighbourhood, the country and the very agent together outweigh it. */
  hosting: -10,
  /** A hosting network that this key was never used from: nobody's serverless egress moves there by itself. */
  unusedHosting: -25,
  /** VPN providers and Tor: made so that one cannot tell who it is. */
  anonymizer: -40,

  /** Many unknown addresses within an hour: enough to refuse all but a neighbour with the very agent. */
  burst: -20,
  /** So many that the key is certainly in strange hands: the best evidence, 85, no longer suffices. */
  largeBurst: -60,
  /**
   * One or two open questions about strange networks: a neighbour with the very agent (85) or the very tool (77) still
   * gets in, nobody else.
   */
  fewUnanswered: -12,
  /** Several: a slow spray looks like this, and nothing but a person should decide; 85 no longer suffices. */
  someUnanswered: -25,
  /** Many: the same, and the sum says how sure it is. */
  manyUnanswered: -40,

  /** Between two calls nobody flies that fast; but one key serves many machines, so it is no veto. */
  impossibleTravel: -30,
  /** Too young to have habits; the marginal cases wait for a person. */
  freshKey: -10,
  /** Nothing is expected from it any more, so what comes is likely not its owner. */
  dormantKey: -25,

  /** More than all that can be said in favour (85), so that the sum shows the refusal too. The veto itself is no sum. */
  veto: -100,
} as const;

export const WINDOWS_MS = {
  /** Neighbourhoods change hands slowly, but pools are redrawn (docs/behaviour.md 1.6). */
  adjacentPrefix: 30 * DAY_MS,
  /** The same span for how widely a key moves in a network: what it does, not what it once did. */
  networkBreadth: 30 * DAY_MS,
  /** How long a slow spray is remembered: a handful a day adds up, and a person has had the time to answer. */
  unanswered: 7 * DAY_MS,
  /** Contracts with providers outlast a quarter of a year of silence; older use says nothing about today. */
  sameNetwork: 90 * DAY_MS,
  sameCountry: 90 * DAY_MS,
  knownAgent: 90 * DAY_MS,
  /** An agent belongs to the key when it was first seen so long ago. Longer, and each upgrade would cost days. */
  establishedAgent: 2 * DAY_MS,
  /** In clouds, an agent is at work when it was used within so long: a weekly job with some days to spare. */
  currentAgent: 10 * DAY_MS,
  /** Keys show their habits within a few working days. */
  freshKey: 3 * DAY_MS,
  /** Monthly jobs are alive; what missed a whole month and half of the next is not. */
  dormantKey: 45 * DAY_MS,
} as const;

export const COUNTS = {
  /** Distinct prefixes (IPv4 /16, IPv6 /48) of one network from which a key "moves" and from which it moves "widely". */
  movingNetwork: 2,
  wideNetwork: 4,
  /**
   * Or it belongs to the key when seen in so many prefixes: an upgraded fleet is everywhere within hours. With three, a
   * thief in a cloud region of which the owner had many /24s authorized came in by himself (seen in the evaluation).
   */
  establishedAgentPrefixes: 5,
  /** Distinct unknown addresses in an hour. A team that travels makes one or two; five at once are something else. */
  burst: 5,
  largeBurst: 15,
  /** Distinct unanswered unknown addresses of strange networks in a week. */
  fewUnanswered: 1,
  someUnanswered: 3,
  manyUnanswered: 10,
} as const;

/** Airliners do about 900 km/h; faster than this between two countries, nobody travels. In km/h. */
export const FASTEST_TRAVEL_KM_PER_HOUR = 1_000;
