import type { notices as english } from '../en/notices';
import type { Translation } from '../translation';

export const notices: Translation<typeof english> = {
  menuEntryTitle: 'Ajouter Gatehouse au menu de ce bureau ?',
  menuEntry:
    'Ses fenêtres et ses notifications auront leur icône, et les liens vers un appel bloqué s’ouvriront ici. Les réglages permettent de changer cela plus tard.',
  settingsDamagedTitle: 'Les réglages de cette console étaient endommagés',
  settingsDamaged:
    'Ils ont été mis de côté sous le nom {{file}} et repartent de zéro. Rien du compte n’est perdu.',
  profileDamagedTitle: 'Les réglages de connexion étaient endommagés',
  profileDamaged:
    'Ils ont été mis de côté sous le nom {{file}}. Choisissez de nouveau le service de cette console.',
  storeDamagedTitle: 'Les données locales étaient endommagées',
  storeSetAside:
    'Elles ont été mises de côté sous le nom {{files}} et sont de nouveau chargées depuis le service.',
  storeRescued_one: '{{count}} modification que le service n’a pas encore : récupérée.',
  storeRescued_other: '{{count}} modifications que le service n’a pas encore : récupérées.',
  storeNothingLost: 'Rien n’est perdu.',
  storeLost_one: '{{count}} modification n’est plus lisible ; vérifiez ce qui est affiché.',
  storeLost_other: '{{count}} modifications ne sont plus lisibles ; vérifiez ce qui est affiché.',
  storeNotOpenedTitle: 'Les données locales ne peuvent pas être ouvertes',
  unencryptedTitle: 'La connexion n’est pas chiffrée',
  unencrypted:
    '{{url}} est joint en HTTP simple : n’importe qui sur le chemin peut lire et utiliser le jeton d’accès. Placez le service derrière HTTPS.',
  clocksTitle: 'Deux horloges diffèrent',
  clockAhead:
    'L’horloge de cet ordinateur avance de {{span}} sur celle du service. Ce que Gatehouse compte à partir de maintenant, comme « dans 1 heure », suit celle du service. Réglez l’horloge qui est fausse.',
  clockBehind:
    'L’horloge de cet ordinateur retarde de {{span}} sur celle du service. Ce que Gatehouse compte à partir de maintenant, comme « dans 1 heure », suit celle du service. Réglez l’horloge qui est fausse.',
  tokenNotKeptTitle: 'Le jeton d’accès n’est conservé que pour cette session',
  tokenNotKept:
    'Le trousseau de ce bureau n’a pas été ouvert. Sans lui, il faudra de nouveau saisir le jeton au prochain démarrage.',
  diskTrouble:
    'Les appels bloqués sont toujours annoncés, et les nouveautés restent en mémoire jusqu’à ce qu’il y ait de la place. D’ici là, aucune modification ne peut être conservée.',
  storage_full: 'Le disque de cet ordinateur est plein.',
  storage_quota: 'Votre quota sur le disque de cet ordinateur est épuisé.',
  storage_read_only: 'Impossible d’écrire sur le disque de cet ordinateur : il est en lecture seule.',
  storage_denied: 'Gatehouse n’a pas le droit d’écrire dans son dossier sur cet ordinateur.',
  storage_broken: 'Le disque de cet ordinateur ne répond pas comme prévu.',
  leftBehindTitle_one: '{{count}} modification n’a pas été envoyée',
  leftBehindTitle_other: '{{count}} modifications n’ont pas été envoyées',
  leftBehind:
    'Destination : {{name}}. Tout est conservé sur cet ordinateur ; reconnectez-vous à ce service pour l’envoyer.',
  serviceHere: 'le service de cet ordinateur',
  ownFaultTitle: 'Gatehouse a rencontré une erreur interne',
  ownFault:
    'Il continue. Si quelque chose ne répond plus, quittez Gatehouse et relancez-le. Le journal dans {{folder}} contient les détails.',
};
