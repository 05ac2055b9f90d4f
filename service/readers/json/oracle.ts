import { isObject, listAt, objectsAt, recordsOf, textAt } from './record';
import type { JsonReader } from './reader';

/** https://docs.oracle.com/iaas/Content/General/Concepts/addressranges.htm */
export const oracleReader: JsonReader = {
  format: 'oracle',
  fields: { range: ['cidr'], label: ['region', 'tags'] },
  recognizes: (root) =>
    isObject(root) && objectsAt(root, 'regions').some((region) => objectsAt(region, 'cidrs').length > 0),
  *records(root) {
    if (!isObject(root)) return;
    for (const region of objectsAt(root, 'regions')) {
      for (const cidr of objectsAt(region, 'cidrs')) {
        const tags = listAt(cidr, 'tags').filter((tag) => typeof tag === 'string');
        yield* recordsOf([cidr.cidr], { region: textAt(region, 'region'), tags: tags.join(' ') });
      }
    }
  },
};
