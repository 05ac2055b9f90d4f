import type { proposal as english } from '../en/proposal';
import type { Translation } from '../translation';

export const proposal: Translation<typeof english> = {
  title: 'Proposition',
  range:
    'C’est l’une des {{number}} adresses de {{network}} depuis lesquelles {{key}} est utilisée, avec le même agent. {{range}} les contient toutes : {{addresses}} adresses, pour cette clé seulement.',
  network:
    'C’est l’une des {{number}} adresses de {{network}} depuis lesquelles {{key}} est utilisée, avec le même agent. Le réseau entier compte {{addresses}} adresses IPv4 ; il serait autorisé pour cette clé seulement.',
  networkUnknown:
    'C’est l’une des {{number}} adresses de {{network}} depuis lesquelles {{key}} est utilisée, avec le même agent. Le réseau entier peut être autorisé, pour cette clé seulement.',
  preset:
    'C’est l’une des {{number}} adresses de {{network}} depuis lesquelles {{key}} est utilisée, avec le même agent. Une source avec la liste de {{vendor}} n’autorise que les services et les régions que vous choisissez.',
  acceptRange: 'Autoriser {{range}}',
  acceptNetwork: 'Autoriser le réseau',
  choose: 'Choisir les services et les régions',
  networkAdded: '{{network}} est autorisé pour cette clé, comme source des adresses autorisées.',
  decline: 'Pas pour ce réseau',
  hint: 'L’une des {{number}} adresses de ce réseau. Ouvrez-la pour en autoriser plusieurs.',
};
