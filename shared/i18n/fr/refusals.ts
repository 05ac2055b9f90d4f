import type { refusals as english } from '../en/refusals';
import type { Translation } from '../translation';

export const refusals: Translation<typeof english> = {
  notConnected: 'La console n’est connectée à aucun service.',
  noKey: 'Aucune clé API n’a cet identifiant.',
  noRange: 'Aucune plage n’a cet identifiant.',
  noReview: 'Aucune demande n’a cet identifiant.',
  expiryPassed: 'L’expiration doit être dans le futur.',
  severalForOneId: 'Ce texte désigne plusieurs plages, qui ne peuvent pas partager un identifiant.',
  idTaken: 'Cet identifiant appartient déjà à une autre plage.',
  allThere: 'Toutes ces plages sont déjà dans la liste.',
  there: '{{cidr}} est déjà dans la liste.',
  rangeChanged: 'La plage a été modifiée par une autre personne.',
  answered: 'Cette demande a déjà reçu une réponse : {{status}}.',
  answeredBy: 'Cette demande a déjà reçu une réponse : {{status}} par {{author}}.',
  answeredAnew: 'Une autre personne a donné une nouvelle réponse à la demande.',
  answerRangeChanged: 'La plage {{cidr}}, ajoutée par la réponse, a été modifiée depuis.',
  noSubnet: 'Le compte n’a pas de sous-réseau pour cette adresse.',
  severalForAnswer: 'Une autorisation ajoute une seule plage ; ce texte en désigne plusieurs.',
  doesNotContain: '{{cidr}} ne contient pas {{ip}}, l’adresse en question.',
  status_pending: 'en attente',
  status_authorized: 'autorisée',
  status_denied: 'refusée',
  status_superseded: 'remplacée',
  status_expired: 'expirée',
  status_unrecognised: 'nouveauté inconnue',
};
