import { anyRecords, isObject, objectsAt } from './record';
import type { JsonReader } from './reader';

/** An export of this service, or a page of its list. */
export const gatehouseReader: JsonReader = {
  format: 'gatehouse',
  fields: { range: ['cidr'], label: ['label'], effect: ['effect'], key: ['keyId'], expiresAt: ['expiresAt'] },
  recognizes: (root) =>
    isObject(root) &&
    [...objectsAt(root, 'ranges'), ...objectsAt(root, 'items')].some(
      (range) => 'cidr' in range && 'effect' in range && 'keyId' in range,
    ),
  records: (root) => anyRecords(root),
};
