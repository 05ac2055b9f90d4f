import type { pictures as english } from '../en/pictures';
import type { Translation } from '../translation';

export const pictures: Translation<typeof english> = {
  brushKeys: 'Les flèches déplacent, avec Maj elles étendent, Entrée filtre, Échap efface.',
  nothingChosen: 'Aucune sélection',
  allowed: 'Autorisés',
  blocked: 'Bloqués',
  mapScale: 'Plus le cercle est grand, plus il y a d’appels',
};
