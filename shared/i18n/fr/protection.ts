import type { protection as english } from '../en/protection';
import type { Translation } from '../translation';

export const protection: Translation<typeof english> = {
  description: 'Comment sont traitées les adresses qu’aucune plage n’autorise ni ne refuse.',
  modeNotKnown: 'Le compte est dans un mode que cette console ne connaît pas. Mettez cette console à jour.',
  mode: 'Mode',
  current: 'Actuel',
  switchTo: 'Passer en mode {{mode}}',
  mayNotChange:
    'Votre jeton d’accès ne permet pas de changer le mode. Il lui manque l’autorisation « {{permission}} ».',
  summary_learning:
    'Toute adresse depuis laquelle une clé est utilisée est autorisée dès sa première apparition.',
  summary_automatic: 'Les adresses qu’aucune plage n’autorise passent par un examen de confiance.',
  summary_manual: 'Les adresses qu’aucune plage n’autorise sont bloquées jusqu’à la décision d’une personne.',
  summary_deactivated: 'Toute adresse peut utiliser vos clés.',
  learningEndsItself:
    'Quand aucune nouvelle adresse n’est apparue pendant la fenêtre d’apprentissage, le compte passe de lui-même en mode Automatique.',
  deniedStay: 'Les plages refusées restent bloquées.',
  learnsFromAll:
    'Pendant l’apprentissage, quiconque possède une de vos clés peut passer, et reste autorisé ensuite.',
  trustDecides:
    'Ce qu’il juge digne de confiance est autorisé ; tout le reste est bloqué et attend sous « En attente ».',
  deniedStayAnyway: 'Les plages refusées restent bloquées, quel que soit le résultat de l’examen.',
  eachIsReview: 'Chacune donne lieu à une demande sous « En attente » et à une notification.',
  nothingByItself: 'Rien n’est autorisé automatiquement.',
  stillLogged: 'Les appels sont toujours journalisés, et les clés révoquées restent bloquées.',
  rangesNotApplied: 'Vos plages sont conservées, mais ni les autorisées ni les refusées ne s’appliquent.',
  learningStarts: 'L’apprentissage commence à la première tentative.',
  learningEnds: 'Sans nouvelle adresse, il se termine {{when}}.',
  deactivateTitle: 'Désactiver la protection ?',
  deactivate: 'Désactiver…',
  deactivateNow: 'Accepter toutes les adresses',
  acceptsAll:
    'Tout sera accepté : quiconque possède une de vos clés pourra l’utiliser depuis n’importe quelle adresse.',
  deniedNotApplied_one: '{{count}} plage refusée ne sera pas appliquée non plus.',
  deniedNotApplied_other: '{{count}} plages refusées ne seront pas appliquées non plus.',
  rangesKept: 'Vos plages sont conservées pour le moment où vous réactiverez la protection.',
  learnTitle: 'Recommencer l’apprentissage ?',
  learn: 'Commencer l’apprentissage…',
  learnNow: 'Commencer l’apprentissage',
  learnsAll:
    'Toute adresse qui utilise une de vos clés pourra passer et sera autorisée, même celle de quelqu’un qui ne devrait pas avoir la clé.',
  learnWhen: 'Faites-le si vous savez que vos clés sont là où elles doivent être.',
};
