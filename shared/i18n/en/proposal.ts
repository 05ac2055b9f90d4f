/** What is proposed when people have authorized several addresses that have much in common. */
export const proposal = {
  title: 'Proposal',
  range:
    'This is one of {{number}} addresses in {{network}} that {{key}} is used from, with the same agent. {{range}} holds all of them: {{addresses}} addresses, for this key only.',
  network:
    'This is one of {{number}} addresses in {{network}} that {{key}} is used from, with the same agent. The whole network has {{addresses}} IPv4 addresses; it would be let in for this key only.',
  networkUnknown:
    'This is one of {{number}} addresses in {{network}} that {{key}} is used from, with the same agent. The whole network can be let in, for this key only.',
  preset:
    'This is one of {{number}} addresses in {{network}} that {{key}} is used from, with the same agent. A source with the list of {{vendor}} lets in only the services and regions that you choose.',
  acceptRange: 'Authorize {{range}}',
  acceptNetwork: 'Authorize the network',
  choose: 'Choose services and regions',
  networkAdded: '{{network}} is let in for this key, as a source of Authorized IPs.',
  decline: 'Not for this network',
  /** A line of a notification. */
  hint: 'One of {{number}} addresses of this network. Open it to let in more than one.',
} as const;
