import type { pictures as english } from '../en/pictures';
import type { Translation } from '../translation';

export const pictures: Translation<typeof english> = {
  brushKeys: 'Les flèches déplacent, avec Maj elles étendent, Entrée filtre, Échap efface.',
  nothingChosen: 'Aucune sélection',
  chosenContent: ' : {{content}}',
  allowed: 'Autorisés',
  blocked: 'Bloqués',
  callsOverTime: '{{first}} – {{last}} : {{calls}}',
  chooseTime: 'Choisir une période',
  allowedAndBlocked_one: '{{count}} appel autorisé, bloqués : {{blocked}}',
  allowedAndBlocked_other: '{{count}} appels autorisés, bloqués : {{blocked}}',
  callsByCountry: 'Appels par pays',
  mapScale: 'Plus le cercle est grand, plus il y a d’appels',
};
