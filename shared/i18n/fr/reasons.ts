import type { reasons as english } from '../en/reasons';
import type { Translation } from '../translation';

export const reasons: Translation<typeof english> = {
  verdict_allowed: 'Autorisé',
  verdict_blocked: 'Bloqué',
  verdict_reported: 'Signalé',
  verdict_unrecognised: 'Nouveauté inconnue',
  somethingNew: 'Nouveauté inconnue',
  somethingNewSentence:
    'Le service en dit quelque chose que cette console ne connaît pas. Mettez cette console à jour.',
  short_missing_key: 'Aucune clé envoyée',
  short_invalid_key: 'Clé inconnue',
  short_ambiguous_key: 'Plusieurs clés envoyées',
  short_revoked_key: 'Clé révoquée',
  short_deactivated: 'Protection désactivée',
  short_denied: 'Plage refusée',
  short_authorized: 'Plage autorisée',
  short_learned: 'Apprise',
  short_trusted: 'Confiance accordée',
  short_reported: 'Serait bloqué',
  short_untrusted: 'Confiance refusée',
  short_unknown: 'Adresse inconnue',
  short_unrecognised: 'Nouveauté inconnue',
  why_missing_key: 'Bloqué parce que l’appel ne portait pas de clé API.',
  why_invalid_key: 'Bloqué parce que la clé de l’appel est inconnue.',
  why_ambiguous_key: 'Bloqué parce que l’appel portait plusieurs clés API.',
  why_revoked_key:
    'Bloqué parce que cette clé API a été révoquée, ou a reçu un nouveau secret et que le délai de grâce de l’ancien est écoulé.',
  why_deactivated: 'Autorisé parce que la protection est désactivée : toute adresse est acceptée.',
  why_denied: 'Bloqué parce que la plage la plus précise pour cette adresse la refuse : {{range}}.',
  why_authorized: 'Autorisé parce que la plage la plus précise pour cette adresse l’autorise : {{range}}.',
  why_learned:
    'Autorisé parce que le compte était encore en apprentissage : l’adresse a été autorisée dès sa première apparition, par {{range}}.',
  why_trusted:
    'Autorisé parce que l’examen de confiance a jugé l’adresse digne de confiance et a ajouté {{range}}.',
  why_reported_untrusted:
    'Autorisé parce que la protection ne fait que signaler. Aucune plage n’autorise cette adresse et, en mode automatique, elle n’a pas été jugée digne de confiance : l’appel serait bloqué.',
  why_reported_unknown:
    'Autorisé parce que la protection ne fait que signaler. Aucune plage n’autorise cette adresse et, en mode manuel, c’est une personne qui décide : l’appel serait bloqué.',
  why_untrusted:
    'Bloqué parce qu’aucune plage n’autorise cette adresse et que, en mode automatique, elle n’a pas été jugée digne de confiance.',
  why_unknown:
    'Bloqué parce qu’aucune plage n’autorise cette adresse et que, en mode manuel, c’est une personne qui décide.',
  whyLearnedProxy:
    'Autorisé parce que le compte était encore en apprentissage. Rien n’a été autorisé : c’est l’adresse d’un proxy de confiance.',
  removedRange: 'une plage supprimée depuis',
  flood_allowed:
    'Autorisés un par un ({{reason}}). La clé a été utilisée depuis tant d’adresses en une heure que le journal ne garde que leurs réseaux.',
  flood_blocked:
    'Bloqués un par un ({{reason}}). La clé a été utilisée depuis tant d’adresses en une heure que le journal ne garde que leurs réseaux.',
  review_untrusted:
    'Aucune plage n’autorise cette adresse et elle n’a pas été jugée digne de confiance. Ses appels sont bloqués.',
  review_unknown:
    'Aucune plage n’autorise cette adresse. Ses appels sont bloqués jusqu’à ce que vous décidiez.',
  review_denied: 'Une plage refuse cette adresse. Ses appels sont bloqués.',
  review_reported_untrusted:
    'Aucune plage n’autorise cette adresse et elle n’a pas été jugée digne de confiance. La protection ne fait que signaler : ses appels passent, et seraient bloqués.',
  review_reported_unknown:
    'Aucune plage n’autorise cette adresse. La protection ne fait que signaler : ses appels passent, et seraient bloqués jusqu’à ce que vous décidiez.',
  reviewOther: '{{reason}}. Les appels de cette adresse sont bloqués.',
};
