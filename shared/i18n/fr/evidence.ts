import type { evidence as english } from '../en/evidence';
import type { Translation } from '../translation';

export const evidence: Translation<typeof english> = {
  adjacent:
    'Une adresse de {{prefix}}, proche de celle-ci, est utilisée avec cette clé (dernière fois : {{ago}}).',
  near: 'Une adresse de {{prefix}}, de la même région du fournisseur, est utilisée avec cette clé (dernière fois : {{ago}}).',
  foreign:
    'Une adresse de {{prefix}} est utilisée avec cette clé (dernière fois : {{ago}}), mais elle appartient à un autre réseau que celle-ci.',
  networkElsewhere:
    '{{network}} est utilisé avec cette clé, mais jusqu’ici seulement depuis : {{countries}}.',
  network: '{{network}} est déjà utilisé avec cette clé (dernière fois : {{ago}}).',
  networkWide:
    '{{network}} est déjà utilisé avec cette clé, depuis {{parts}} parties différentes de ce réseau ces 30 derniers jours (dernière fois : {{ago}}).',
  networkHosting:
    '{{network}} est déjà utilisé avec cette clé (dernière fois : {{ago}}) ; ce réseau loue des adresses, cela compte donc moins.',
  region: '{{network}} est utilisé avec cette clé dans la même région ({{region}}, dernière fois : {{ago}}).',
  regionHosting:
    'Cette clé est utilisée depuis la même région ({{region}}) de {{network}} (dernière fois : {{ago}}) ; n’importe qui peut y louer une adresse.',
  country: 'Cette clé est déjà utilisée depuis ce pays : {{country}} (dernière fois : {{ago}}).',
  agent_same:
    'L’agent utilisateur « {{agent}} » est utilisé avec cette clé (dernière fois : {{ago}}) ; il peut être copié.',
  agent_popular:
    'L’agent utilisateur « {{agent}} » est utilisé avec cette clé (dernière fois : {{ago}}), mais c’est un outil que beaucoup d’inconnus ont aussi.',
  'agent_other-version':
    'Une autre version du programme qui se nomme « {{agent}} » est utilisée avec cette clé (dernière fois : {{ago}}).',
  agent_common:
    'L’agent utilisateur « {{agent}} » est utilisé avec cette clé (dernière fois : {{ago}}), mais beaucoup d’inconnus envoient le même.',
  agent_new:
    'L’agent utilisateur « {{agent}} » est utilisé avec cette clé (dernière fois : {{ago}}), mais depuis peu, ou en moins d’endroits qu’avant.',
  requestUsual:
    'Cette clé sert souvent à des appels comme celui-ci ({{request}}), et à cette heure de la journée ; qui les a observés peut les copier.',
  requestNew: 'En {{span}}, cette clé n’a jamais servi à des appels comme celui-ci ({{request}}).',
  fingerprint:
    'Le client TLS, d’après son empreinte, est utilisé avec cette clé (dernière fois : {{ago}}) ; il peut être copié.',
  anonymizer: '{{network}} est un réseau VPN, proxy ou Tor, fait pour cacher qui appelle.',
  hosting: '{{network}} loue des machines, et des inconnus le partagent avec vous.',
  hostingUnused: '{{network}} loue des machines, et cette clé n’en a jamais été utilisée.',
  burst_one: '{{count}} autre adresse inconnue a essayé cette clé pendant la dernière heure.',
  burst_other: '{{count}} autres adresses inconnues ont essayé cette clé pendant la dernière heure.',
  strangers_one:
    '{{count}} autre adresse inconnue, de réseaux nouveaux pour cette clé, l’a essayée ces 7 derniers jours, et personne ne l’a autorisée.',
  strangers_other:
    '{{count}} autres adresses inconnues, de réseaux nouveaux pour cette clé, l’ont essayée ces 7 derniers jours, et personne ne les a autorisées.',
  travel:
    'Le dernier appel est venu d’un autre pays ({{country}}, {{ago}}), d’où personne n’arrive aussi vite dans celui-ci ({{thisCountry}}, à {{km}} km au moins).',
  freshKey: 'La clé existe depuis {{span}} : on sait peu de choses de son usage.',
  dormantKey: 'La clé n’a pas été utilisée pendant {{span}}.',
  unusedKey: 'La clé a été créée {{ago}} et n’avait jamais été utilisée.',
  deniedRange:
    '{{what}} a été mise sur la liste des refus ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  deniedRangeOn:
    '{{what}} a été mise sur la liste des refus le {{day}} ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  deniedReview:
    '{{what}} a été refusée par un administrateur ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  deniedReviewOn:
    '{{what}} a été refusée par un administrateur le {{day}} ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  closeBy: '{{what}}, proche de cette adresse,',
  blocklisted:
    'La liste de blocage « {{list}} » nomme cette adresse (« {{entry}} ») ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  trustedProxy:
    '{{address}} est l’adresse d’un proxy de confiance, qui n’a nommé aucun appelant ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  reserved:
    '{{address}} est une adresse {{purpose}} ({{range}}), et aucun usage de cette clé n’y est connu ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  forged:
    '{{address}} est une adresse {{purpose}} ({{range}}), son expéditeur est donc falsifié ; quels que soient les autres éléments, elle n’est pas autorisée automatiquement.',
  tooManyAddresses:
    'Cette clé a été essayée depuis trop d’adresses pour vous interroger sur chacune. Les autres sont comptées ici. La clé est probablement compromise.',
  purpose_this: 'de « ce réseau », d’où personne n’appelle',
  purpose_private: 'de réseau privé',
  purpose_privateWithdrawn: 'de réseau privé, retirée',
  purpose_provider: 'interne aux réseaux des fournisseurs',
  purpose_loopback: 'de bouclage, donc de cet ordinateur lui-même',
  purpose_link: 'de lien local',
  purpose_protocols: 'réservée à des protocoles',
  purpose_documentation: 'réservée à la documentation',
  purpose_relays: 'de relais 6to4 retirés',
  purpose_measurements: 'réservée à des mesures',
  purpose_multicast: 'de multidiffusion, d’où personne n’appelle',
  purpose_future: 'réservée à un usage futur, d’où personne n’appelle',
  purpose_nobody: 'qui n’est à personne',
  purpose_unassigned: 'qui n’est attribuée à personne',
  purpose_translator: 'qu’un traducteur donne à un appelant IPv4',
  purpose_discard: 'réservée au rejet de paquets',
  purpose_teredo: 'd’un tunnel Teredo, qui cache un appelant IPv4',
  purpose_6to4: 'd’un tunnel 6to4, qui cache un appelant IPv4',
  purpose_routing: 'de routage interne à un réseau',
  unnamedNetwork: 'un réseau sans nom',
  justNow: 'à l’instant',
  ago: 'il y a {{span}}',
  underAMinute: 'moins d’une minute',
  minutes_one: '{{count}} minute',
  minutes_other: '{{count}} minutes',
  hours_one: '{{count}} heure',
  hours_other: '{{count}} heures',
  days_one: '{{count}} jour',
  days_other: '{{count}} jours',
};
