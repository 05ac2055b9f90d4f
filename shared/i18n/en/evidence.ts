/**
 * The evidence of the trust review (docs/behaviour.md 1.6.1). The service names a text and its values, so a name here is a part of
 * its API: a text that needs other values gets another name.
 */
export const evidence = {
  adjacent: 'An address in {{prefix}}, close to this one, is used with this key, last {{ago}}.',
  near: 'An address in {{prefix}}, of the same region of the provider, is used with this key, last {{ago}}.',
  foreign:
    'An address in {{prefix}} is used with this key, last {{ago}}, but it belongs to a different network than this one.',
  networkElsewhere: '{{network}} is used with this key, but so far only from {{countries}}.',
  network: '{{network}} is already used with this key, last {{ago}}.',
  networkWide:
    '{{network}} is already used with this key, from {{parts}} different parts of it in the last 30 days, last {{ago}}.',
  networkHosting:
    '{{network}} is already used with this key, last {{ago}}; it rents out addresses, so that counts for less.',
  region: '{{network}} is used with this key in the same region ({{region}}), last {{ago}}.',
  regionHosting:
    'This key is used from the same region ({{region}}) of {{network}}, last {{ago}}; anybody can rent an address there.',
  country: 'This key is already used from {{country}}, last {{ago}}.',
  agent_same: 'The user agent "{{agent}}" is used with this key, last {{ago}}; it can be copied.',
  agent_popular:
    'The user agent "{{agent}}" is used with this key, last {{ago}}, but it is a tool that many strangers have too.',
  'agent_other-version':
    'Another version of the program that calls itself "{{agent}}" is used with this key, last {{ago}}.',
  agent_common:
    'The user agent "{{agent}}" is used with this key, last {{ago}}, but many strangers send the same.',
  agent_new:
    'The user agent "{{agent}}" is used with this key, last {{ago}}, but only lately, or in fewer places than before.',
  requestUsual:
    'This key is often used for calls like this one ({{request}}), and at this time of day; whoever has watched it can copy that.',
  requestNew: 'In {{span}} this key was never used for calls like this one ({{request}}).',
  fingerprint:
    'The TLS client, by its fingerprint, is one that is used with this key, last {{ago}}; it can be copied.',
  anonymizer: '{{network}} is a VPN, proxy or Tor network, made to hide who calls.',
  hosting: '{{network}} rents out machines, and strangers share it with you.',
  hostingUnused: '{{network}} rents out machines, and this key was never used from it.',
  burst_one: '{{count}} other unknown address tried this key in the last hour.',
  burst_other: '{{count}} other unknown addresses tried this key in the last hour.',
  strangers_one:
    '{{count}} other unknown address from networks new to this key tried it in the last 7 days, and nobody has authorized it.',
  strangers_other:
    '{{count}} other unknown addresses from networks new to this key tried it in the last 7 days, and nobody has authorized them.',
  travel:
    'The last call came from {{country}} {{ago}}, and nobody gets from there to {{thisCountry}} that fast (at least {{km}} km).',
  freshKey: 'The key is {{span}} old, so little is known of how it is used.',
  dormantKey: 'The key was not used for {{span}}.',
  unusedKey: 'The key was made {{ago}} and never used until now.',
  deniedRange: '{{what}} was put on the denied list; whatever else is known, it is not let in by itself.',
  deniedRangeOn:
    '{{what}} was put on the denied list on {{day}}; whatever else is known, it is not let in by itself.',
  deniedReview:
    '{{what}} was denied by an administrator; whatever else is known, it is not let in by itself.',
  deniedReviewOn:
    '{{what}} was denied by an administrator on {{day}}; whatever else is known, it is not let in by itself.',
  /** Stands for `what` in the texts above. */
  closeBy: '{{what}}, close to this address,',
  blocklisted:
    'The blocklist "{{list}}" names this address ("{{entry}}"); whatever else is known, it is not let in by itself.',
  trustedProxy:
    '{{address}} is the address of a trusted proxy, which named no caller; whatever else is known, it is not let in by itself.',
  reserved:
    '{{address}} is an address {{purpose}} ({{range}}), and this key is not known to be used from there; whatever else is known, it is not let in by itself.',
  forged:
    '{{address}} is an address {{purpose}} ({{range}}), so its sender is forged; whatever else is known, it is not let in by itself.',
  tooManyAddresses:
    'This key was tried from more addresses than are asked about one by one. The others are counted here. The key is probably leaked.',
  purpose_this: 'of "this network", which nobody calls from',
  purpose_private: 'for private networks',
  purpose_privateWithdrawn: 'for private networks, withdrawn',
  purpose_provider: "for the inside of providers' networks",
  purpose_loopback: 'of this computer itself',
  purpose_link: 'for a single link',
  purpose_protocols: 'for protocols',
  purpose_documentation: 'for documentation',
  purpose_relays: 'of withdrawn 6to4 relays',
  purpose_measurements: 'for measurements',
  purpose_multicast: 'for multicast, which nobody calls from',
  purpose_future: 'for the future, which nobody calls from',
  purpose_nobody: 'of nobody',
  purpose_unassigned: 'that is given to nobody',
  purpose_translator: 'that a translator gives to an IPv4 caller',
  purpose_discard: 'to be discarded',
  purpose_teredo: 'of a Teredo tunnel, which hides an IPv4 caller',
  purpose_6to4: 'of a 6to4 tunnel, which hides an IPv4 caller',
  purpose_routing: 'for routing inside a network',
  unnamedNetwork: 'an unnamed network',
  justNow: 'just now',
  ago: '{{span}} ago',
  underAMinute: 'less than a minute',
  minutes_one: '{{count}} minute',
  minutes_other: '{{count}} minutes',
  hours_one: '{{count}} hour',
  hours_other: '{{count}} hours',
  days_one: '{{count}} day',
  days_other: '{{count}} days',
} as const;
