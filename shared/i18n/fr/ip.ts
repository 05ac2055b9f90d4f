import type { ip as english } from '../en/ip';
import type { Translation } from '../translation';

export const ip: Translation<typeof english> = {
  quoted: '« {{text}} »',
  networks: '{{number}} réseaux',
  noAddress: 'Il n’y a pas d’adresse ; saisissez-en une, par exemple 203.0.113.9.',
  noRange:
    'Il n’y a pas de plage ; saisissez une adresse, par exemple 203.0.113.9, ou un réseau, par exemple 203.0.113.0/24.',
  tooLong:
    '{{text}} compte {{length}} caractères, plus que n’importe quelle adresse ou plage ; saisissez une seule adresse ou plage à la fois.',
  extraText:
    '{{separator}} n’a pas sa place dans {{text}} ; saisissez une seule adresse ou plage, sans rien d’autre.',
  extraSpace:
    'Un espace ({{separator}}) n’a pas sa place dans {{text}} ; saisissez une seule adresse ou plage, sans rien d’autre.',
  strangeCharacter: '{{character}} dans {{text}} n’a pas sa place dans une adresse IP.',
  strangeDash: '{{dash}} dans {{text}} n’est pas un trait d’union ; mettez - entre deux adresses.',
  hostName: '{{text}} est un nom d’hôte ; saisissez l’adresse IP correspondante.',
  url: '{{text}} est une URL ; retirez {{scheme}} et le chemin, et saisissez l’adresse seule.',
  port: '{{port}} après l’adresse est un port ; saisissez {{address}} seule.',
  brackets: '{{text}} est écrit comme dans une URL ; saisissez {{address}} sans crochets ni port.',
  zoneId: '{{zone}} est un identifiant de zone, qui n’a de sens que sur une machine ; saisissez {{address}}.',
  notAnAddress: '{{text}} n’est pas une adresse IP.',
  notOneAddress: '{{text}} a la forme d’une plage ; saisissez une seule adresse.',
  leadingZero:
    '{{number}} dans {{text}} commence par un zéro, ce que certains programmes lisent comme de l’octal ; saisissez {{without}} si c’est bien cela.',
  hex: '{{octet}} dans {{text}} est hexadécimal ; saisissez les octets d’une adresse IPv4 en nombres décimaux de 0 à 255.',
  singleNumber: '{{text}} est un nombre seul ; saisissez quatre octets séparés par des points.',
  singleNumberNetwork:
    '{{text}} est un nombre seul, que les programmes ne lisent pas tous de la même façon ; saisissez quatre octets, ou {{network}} pour le réseau.',
  singleNumberAddress:
    '{{text}} est un nombre seul, que les programmes ne lisent pas tous de la même façon ; saisissez {{address}} si c’est bien cela.',
  singleNumberHuge:
    '{{text}} est un nombre seul, que les programmes ne lisent pas tous de la même façon ; saisissez quatre octets séparés par des points.',
  shortWithoutPrefix:
    '{{text}} n’a que {{number}} octets sur 4 ; saisissez les quatre, ou un réseau avec sa longueur de préfixe, par exemple {{network}}.',
  shortAddress: '{{text}} a moins de quatre octets ; saisissez les quatre.',
  shortTail: '{{tail}} dans {{text}} a moins de quatre octets ; saisissez les quatre.',
  missingOctet: '{{text}} a un octet vide : il faut un nombre de 0 à 255 de chaque côté d’un point.',
  octetTooHigh: '{{octet}} dans {{text}} dépasse 255, la valeur maximale d’un octet.',
  tooManyOctets: '{{text}} a {{number}} octets ; une adresse IPv4 en a quatre, par exemple {{address}}.',
  tooManyOctetsHere: '{{text}} a {{number}} octets ; une adresse IPv4 en a quatre.',
  missingGroup:
    '{{text}} commence ou finit par un deux-points isolé ; il y manque un groupe de chiffres hexadécimaux.',
  longGroup:
    '{{group}} dans {{text}} a plus de quatre chiffres hexadécimaux ; séparez les groupes par un deux-points.',
  groupCount:
    '{{text}} a {{number}} groupes ; une adresse IPv6 en a huit, ou moins avec un seul « :: » pour les groupes de zéros.',
  repeatedDoubleColon:
    '{{text}} omet des groupes de zéros à plusieurs endroits ; n’employez « :: » qu’une fois.',
  nothingBeforeSlash: 'Il n’y a pas d’adresse avant la barre oblique de {{text}}.',
  notAPrefix:
    '{{prefix}} dans {{text}} n’est pas une longueur de préfixe ; saisissez un nombre de 0 à {{highest}} après la barre oblique.',
  prefixOutOfRange:
    '{{prefix}} dans {{text}} est hors limites ; la longueur de préfixe d’un réseau IPv{{family}} est un nombre de 0 à {{highest}}.',
  repeatedSlash: '{{text}} a plusieurs barres obliques ; saisissez une seule longueur de préfixe.',
  mappedPrefixTooShort:
    '{{prefix}} dans {{text}} va au-delà de {{network}}, qui représente IPv4 ; saisissez une longueur de préfixe de 96 à 128, ou le réseau IPv4 lui-même.',
  maskOfIpv6:
    '{{mask}} dans {{text}} n’est pas une longueur de préfixe ; seul un réseau IPv4 peut s’écrire avec un masque, et ce masque doit être IPv4.',
  maskWithGap:
    '{{mask}} dans {{text}} n’est pas un masque de réseau, car un bit 0 y précède un bit 1 ; saisissez une longueur de préfixe, par exemple /24.',
  maskInverted:
    '{{mask}} dans {{text}} n’est pas un masque de réseau, car un bit 0 y précède un bit 1 ; saisissez {{prefix}} s’il s’agit de son inverse.',
  maskIncomplete:
    '{{mask}} dans {{text}} n’est pas un masque de réseau ; saisissez quatre octets, par exemple 255.255.255.0, ou une longueur de préfixe.',
  wildcardPart:
    '{{part}} dans {{text}} n’est pas un joker ; un * remplace un octet entier, par exemple 192.168.1.*.',
  wildcardBefore:
    '{{part}} dans {{text}} suit un joker ; seuls les derniers octets peuvent être des jokers, par exemple 192.168.*.*.',
  wildcardShort: '{{text}} n’a que {{number}} octets sur 4 ; saisissez {{whole}}.',
  wildcardIpv6:
    '{{text}} a un joker, ce qui n’est possible qu’en IPv4 ; saisissez un réseau IPv6 avec sa longueur de préfixe, par exemple 2001:db8::/32.',
  wildcardWithPrefix:
    '{{text}} a un joker et une longueur de préfixe ; n’en gardez qu’un, par exemple 192.168.1.* ou 192.168.1.0/24.',
  incompleteRange:
    'Il manque une adresse d’un côté du tiret dans {{text}} ; saisissez la première et la dernière.',
  repeatedDash:
    '{{text}} a plusieurs tirets ; saisissez la première et la dernière adresse, avec un seul tiret entre elles.',
  rangeOfRanges:
    '{{side}} dans {{text}} est déjà une plage ; saisissez une seule adresse de chaque côté du tiret.',
  shortRangeEnd:
    '{{end}} dans {{text}} n’est pas une adresse entière ; saisissez {{whole}} si c’est bien cela.',
  mixedFamilies:
    '{{first}} est en IPv{{firstFamily}} et {{last}} en IPv{{lastFamily}} ; saisissez les deux côtés d’une plage dans la même famille.',
  reversedRange: '{{text}} est à l’envers ; saisissez d’abord l’adresse la plus basse : {{turned}}.',
  mappedInRange:
    '{{text}} traverse {{network}}, qui représente IPv4 ; saisissez séparément la partie IPv6 et la partie IPv4.',
  tooWide:
    '{{text}} signifie {{meaning}}, soit plus d’adresses qu’un /{{widest}} IPv{{family}} ; saisissez une plage plus étroite, ou confirmez que c’est voulu.',
  everything:
    '{{text}} signifie {{meaning}}, soit toutes les adresses IPv{{family}} ; saisissez une plage plus étroite, ou confirmez que c’est voulu.',
  hostBitsCleared: '{{text}} a des bits au-delà de sa longueur de préfixe ; il s’agit du réseau {{network}}.',
  mappedToIpv4: '{{text}} est de l’IPv4 écrit en IPv6 ; cela signifie {{networks}}.',
};
