import type { refusals as english } from '../en/refusals';
import type { Translation } from '../translation';

export const refusals: Translation<typeof english> = {
  notConnected: 'La console n’est connectée à aucun service.',
};
