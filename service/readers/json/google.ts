import { isObject, objectsAt, recordsOf, textAt } from './record';
import type { JsonReader } from './reader';

/** cloud.json, goog.json, and the lists of Google's crawlers, which others publish in the same form. */
export const googleReader: JsonReader = {
  format: 'google',
  fields: { range: ['ipv4Prefix', 'ipv6Prefix'], label: ['service', 'scope'] },
  recognizes: (root) =>
    isObject(root) &&
    objectsAt(root, 'prefixes')
      .slice(0, 1)
      .some((first) => 'ipv4Prefix' in first || 'ipv6Prefix' in first),
  *records(root) {
    if (!isObject(root)) return;
    for (const prefix of objectsAt(root, 'prefixes')) {
      const { ipv4Prefix, ipv6Prefix } = prefix;
      yield* recordsOf([ipv4Prefix, ipv6Prefix], {
        service: textAt(prefix, 'service'),
        scope: textAt(prefix, 'scope'),
      });
    }
  },
};
