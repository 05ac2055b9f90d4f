import type { menu as english } from '../en/menu';
import type { Translation } from '../translation';

export const menu: Translation<typeof english> = {
  file: 'Fichier',
  edit: 'Édition',
  view: 'Affichage',
  window: 'Fenêtre',
  role_quit: 'Quitter',
  role_undo: 'Annuler',
  role_redo: 'Rétablir',
  role_cut: 'Couper',
  role_copy: 'Copier',
  role_paste: 'Coller',
  role_delete: 'Supprimer',
  role_selectAll: 'Tout sélectionner',
  role_resetZoom: 'Taille réelle',
  role_zoomIn: 'Agrandir',
  role_zoomOut: 'Réduire',
  role_togglefullscreen: 'Plein écran',
  role_toggleDevTools: 'Outils de développement',
  role_minimize: 'Réduire la fenêtre',
  role_close: 'Fermer',
  keepInTray: 'Continuer dans la zone de notification',
  quitAnyway: 'Quitter quand même',
  enforcementStops: 'Les contrôles de cet ordinateur s’arrêtent avec Gatehouse',
  enforcementStopsWhy:
    'Le service qui répond pour votre API tourne dans cette application. Une fois arrêté, il ne répond plus au proxy, qui ne laisse alors passer aucun appel.',
};
