import type { failures as english } from '../en/failures';
import type { Translation } from '../translation';

export const failures: Translation<typeof english> = {
  unreachable: 'Le service est injoignable, rien n’a donc été modifié. {{why}}',
  cannotNow: 'Le service ne peut pas le faire pour le moment, rien n’a donc été modifié. {{why}}',
  tokenExpired: 'Le jeton d’accès a expiré. Saisissez-en un nouveau ; rien n’a été modifié.',
  tokenWrong: 'Le service n’accepte pas le jeton d’accès. Rien n’a été modifié.',
  forbidden:
    'Votre jeton d’accès ne le permet pas : il lui manque l’autorisation « {{permission}} ». Un propriétaire du compte peut vous la donner.',
  ownersOnly: 'Seul un propriétaire du compte peut le faire. Rien n’a été modifié.',
  tooManyTries: 'Trop d’essais. Le service acceptera le prochain dans {{seconds}} s.',
  ofService: 'Le service a signalé un problème : {{why}}',
  ofStorage: '{{why}} Rien n’a été modifié.',
  ofConsole: 'Un problème est survenu dans la console elle-même. Les détails sont dans son journal.',
  ofConsoleBecause:
    'Un problème est survenu dans la console elle-même : {{why}} Les détails sont dans son journal.',
  noDetails: 'Aucun détail n’a été donné.',
  callLost: 'L’appel n’a pas abouti.',
  callLostBecause: 'L’appel n’a pas abouti ({{detail}}).',
  stale: 'Une autre personne a modifié cela entre-temps. Revoyez-le avant de continuer.',
  gone: 'Cela n’existe plus : une autre personne l’a supprimé entre-temps.',
  duplicate_authorize: '{{cidr}} : déjà autorisée.',
  duplicate_deny: '{{cidr}} : déjà refusée.',
  labelled_authorize: '{{cidr}} : déjà autorisée, sous le libellé « {{label}} ».',
  labelled_deny: '{{cidr}} : déjà refusée, sous le libellé « {{label}} ».',
  answered_unrecognised:
    'Demande déjà traitée, d’une façon que cette console ne connaît pas. Mettez la console à jour.',
  answered_pending: 'La demande est de nouveau ouverte.',
  answered_authorized: 'Demande déjà traitée : autorisée.',
  answered_denied: 'Demande déjà traitée : refusée.',
  answered_superseded: 'Plus besoin de répondre : une autre plage couvre désormais cette adresse.',
  answered_expired: 'Plus besoin de répondre : la demande a expiré.',
  answeredAt_authorized: 'Demande déjà traitée : autorisée {{at}}.',
  answeredAt_denied: 'Demande déjà traitée : refusée {{at}}.',
  answeredAt_superseded: 'Plus besoin de répondre : une autre plage a couvert cette adresse {{at}}.',
  answeredAt_expired: 'Plus besoin de répondre : la demande a expiré {{at}}.',
  answeredBy_authorized: 'Demande déjà traitée : autorisée par {{by}} {{at}}.',
  answeredBy_denied: 'Demande déjà traitée : refusée par {{by}} {{at}}.',
};
