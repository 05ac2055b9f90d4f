import type { start as english } from '../en/start';
import type { Translation } from '../translation';

export const start: Translation<typeof english> = {
  cannotStart: 'Gatehouse ne peut pas démarrer',
  cannotStartBecause: 'Gatehouse ne peut pas démarrer : {{why}}',
  alreadyRunning: 'Gatehouse est déjà ouvert. Sa fenêtre passe au premier plan.',
  needsToWrite: '{{why}} Gatehouse conserve ses données dans {{folder}} et doit pouvoir y écrire.',
  lockIsNone:
    'Le verrou du dossier {{folder}} ne peut pas être pris : le fichier SingletonLock n’est pas un verrou. Supprimez-le, puis réessayez.',
  lockedElsewhere:
    'Le dossier {{folder}} est utilisé par un Gatehouse sur {{host}}. Quittez celui-ci, puis réessayez.',
  folderOfAnother: 'Le dossier {{folder}} appartient à un autre utilisateur.',
  fileOfAnother: '{{file}} a été placé là par un autre utilisateur. Retirez-le, puis réessayez.',
  newerData:
    'Les données de cette console ont été écrites par une version plus récente de Gatehouse (schéma {{version}} ; cette version connaît {{known}}). Lancez la version plus récente, ou gardez d’autres données avec --user-data-dir=DOSSIER. Rien n’a été modifié.',
  internalError: 'Gatehouse a rencontré une erreur interne et continue : {{why}}',
  serviceListens: 'Le service écoute sur {{url}}.',
  tryIt: 'Pour essayer :',
  picture: 'Une image de la fenêtre se trouve dans {{path}}.',
  noKeyStore: 'Ce bureau n’a pas de trousseau tel que GNOME Keyring ou KWallet.',
  inMenu: 'Décidez depuis quelles adresses IP les clés API peuvent être utilisées',
  atLogin: 'Vous prévient des adresses bloquées',
};
