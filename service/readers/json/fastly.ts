import { isObject, listAt, recordsOf } from './record';
import type { JsonReader } from './reader';

/** https://www.fastly.com/documentation/reference/api/utils/public-ip-list/ */
export const fastlyReader: JsonReader = {
  format: 'fastly',
  fields: { range: ['addresses', 'ipv6_addresses'], label: [] },
  recognizes: (root) => isObject(root) && Array.isArray(root.addresses) && Array.isArray(root.ipv6_addresses),
  *records(root) {
    if (isObject(root))
      yield* recordsOf([...listAt(root, 'addresses'), ...listAt(root, 'ipv6_addresses')], {});
  },
};
