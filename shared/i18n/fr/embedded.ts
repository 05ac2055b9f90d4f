import type { embedded as english } from '../en/embedded';
import type { Translation } from '../translation';

export const embedded: Translation<typeof english> = {
  firstKey: 'Première clé',
  endedEarly: 'Le service de contrôle s’est arrêté pendant son démarrage.',
  startedTooSlowly: 'Le service de contrôle a mis trop de temps à démarrer.',
  endedUnexpectedly:
    'Le service de contrôle de cet ordinateur s’est arrêté de façon inattendue. Il redémarre ; d’ici là, aucun appel ne passe.',
  listenSetting:
    'GATEHOUSE_EMBEDDED_LISTEN doit être de la forme hôte:port, par exemple 127.0.0.1:0, et non {{value}}.',
  noAddress: 'Il n’y a aucune adresse sur laquelle écouter.',
  addressTaken:
    'L’adresse {{address}} est occupée par un autre programme de cet ordinateur. Arrêtez ce programme, puis réessayez.',
  addressesTaken:
    'Les adresses de {{first}} à {{last}} sont toutes occupées par d’autres programmes de cet ordinateur. Arrêtez l’un d’eux, puis réessayez.',
  folderTaken:
    'Un autre service Gatehouse utilise le dossier de données {{folder}}. Arrêtez-le, puis réessayez.',
};
