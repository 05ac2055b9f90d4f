/** Why a text is no address or range. The service says these, too, in English. */
export const ip = {
  quoted: '“{{text}}”',
  networks: '{{number}} networks',
  noAddress: 'There is no address; write one, such as 203.0.113.9.',
  noRange: 'There is no range; write an address such as 203.0.113.9, or a network such as 203.0.113.0/24.',
  tooLong:
    '{{text}} has {{length}} characters, more than any address or range; write one address or range at a time.',
  extraText:
    '{{separator}} has no place in {{text}}; write one address or range by itself, without anything else.',
  extraSpace:
    'White space ({{separator}}) has no place in {{text}}; write one address or range by itself, without anything else.',
  strangeCharacter: '{{character}} in {{text}} has no place in an IP address.',
  strangeDash: '{{dash}} in {{text}} is not a hyphen; write - between two addresses.',
  hostName: '{{text}} is a host name; write the IP address that it stands for.',
  url: '{{text}} is a URL; leave out {{scheme}} and the path, and write the address alone.',
  port: '{{port}} after the address is a port; write {{address}} alone.',
  brackets: '{{text}} is written as in a URL; write {{address}} without brackets and port.',
  zoneId: '{{zone}} is a zone id, which has a meaning on one machine only; write {{address}}.',
  notAnAddress: '{{text}} is not an IP address.',
  notOneAddress: '{{text}} is written as a range; write one address.',
  leadingZero:
    '{{number}} in {{text}} has a leading zero, which some programs read as octal; write {{without}} if that is meant.',
  hex: '{{octet}} in {{text}} is hexadecimal; write the octets of an IPv4 address as decimal numbers from 0 to 255.',
  singleNumber: '{{text}} is one number; write four octets with dots between.',
  singleNumberNetwork:
    '{{text}} is one number, which programs read in different ways; write four octets, or {{network}} for the network.',
  singleNumberAddress:
    '{{text}} is one number, which programs read in different ways; write {{address}} if that is meant.',
  singleNumberHuge:
    '{{text}} is one number, which programs read in different ways; write four octets with dots between.',
  shortWithoutPrefix:
    '{{text}} has {{number}} of 4 octets; write all four, or a network with its prefix length, such as {{network}}.',
  shortAddress: '{{text}} has fewer than four octets; write all four.',
  shortTail: '{{tail}} in {{text}} has fewer than four octets; write all four.',
  missingOctet: '{{text}} has an empty octet: a dot needs a number from 0 to 255 on both sides.',
  octetTooHigh: '{{octet}} in {{text}} is more than 255, the highest value of an octet.',
  tooManyOctets: '{{text}} has {{number}} octets; an IPv4 address has four, such as {{address}}.',
  tooManyOctetsHere: '{{text}} has {{number}} octets; an IPv4 address has four.',
  missingGroup:
    '{{text}} begins or ends with a single colon; a group of hexadecimal digits is missing there.',
  longGroup: '{{group}} in {{text}} has more than four hexadecimal digits; separate groups with a colon.',
  groupCount:
    '{{text}} has {{number}} groups; an IPv6 address has eight, or fewer with one :: for the groups of zeros.',
  repeatedDoubleColon: '{{text}} leaves out groups of zeros in more than one place; write :: at most once.',
  nothingBeforeSlash: 'There is no address before the slash of {{text}}.',
  notAPrefix:
    '{{prefix}} in {{text}} is no prefix length; write a number from 0 to {{highest}} after the slash.',
  prefixOutOfRange:
    '{{prefix}} in {{text}} is out of bounds; the prefix length of an IPv{{family}} network is a number from 0 to {{highest}}.',
  repeatedSlash: '{{text}} has more than one slash; write one prefix length.',
  mappedPrefixTooShort:
    '{{prefix}} in {{text}} reaches beyond {{network}}, which stands for IPv4; write a prefix length from 96 to 128, or the IPv4 network itself.',
  maskOfIpv6:
    '{{mask}} in {{text}} is no prefix length; only IPv4 networks may be written with a mask, and an IPv4 one.',
  maskWithGap:
    '{{mask}} in {{text}} is no network mask, because a 0 bit comes before a 1 bit; write a prefix length, such as /24.',
  maskInverted:
    '{{mask}} in {{text}} is no network mask, because a 0 bit comes before a 1 bit; write {{prefix}} if its inverse is meant.',
  maskIncomplete:
    '{{mask}} in {{text}} is no network mask; write four octets, such as 255.255.255.0, or a prefix length.',
  wildcardPart: '{{part}} in {{text}} is no wildcard; a * stands for a whole octet, such as 192.168.1.*.',
  wildcardBefore:
    '{{part}} in {{text}} comes after a wildcard; only the last octets may be wildcards, such as 192.168.*.*.',
  wildcardShort: '{{text}} has {{number}} of 4 octets; write {{whole}}.',
  wildcardIpv6:
    '{{text}} has a wildcard, which only IPv4 may have; write an IPv6 network with its prefix length, such as 2001:db8::/32.',
  wildcardWithPrefix:
    '{{text}} has a wildcard and a prefix length; write one of them, such as 192.168.1.* or 192.168.1.0/24.',
  incompleteRange: '{{text}} has no address on one side of the dash; write the first and the last one.',
  repeatedDash:
    '{{text}} has more than one dash; write the first and the last address, with one dash between.',
  rangeOfRanges: '{{side}} in {{text}} is a range itself; write one address on each side of the dash.',
  shortRangeEnd: '{{end}} in {{text}} is not a whole address; write {{whole}} if that is meant.',
  mixedFamilies:
    '{{first}} is IPv{{firstFamily}} and {{last}} is IPv{{lastFamily}}; write both sides of a range in the same family.',
  reversedRange: '{{text}} is reversed; write the lower address first: {{turned}}.',
  mappedInRange:
    '{{text}} runs over {{network}}, which stands for IPv4; write the IPv6 and the IPv4 part separately.',
  tooWide:
    '{{text}} means {{meaning}}, more addresses than an IPv{{family}} /{{widest}}; write a narrower range, or confirm that it is meant.',
  everything:
    '{{text}} means {{meaning}}, every IPv{{family}} address; write a narrower range, or confirm that it is meant.',
  hostBitsCleared: '{{text}} has bits set behind its prefix length; the network {{network}} is meant.',
  mappedToIpv4: '{{text}} is IPv4 written as IPv6; {{networks}} is meant.',
} as const;
