import { isObject, objectsAt, recordsOf, textAt } from './record';
import type { JsonReader } from './reader';

/** https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html */
export const awsReader: JsonReader = {
  format: 'aws',
  fields: { range: ['ip_prefix', 'ipv6_prefix'], label: ['service', 'region'] },
  recognizes: (root) =>
    isObject(root) &&
    objectsAt(root, 'prefixes')
      .slice(0, 1)
      .some((first) => textAt(first, 'ip_prefix') !== ''),
  *records(root) {
    if (!isObject(root)) return;
    for (const prefix of [...objectsAt(root, 'prefixes'), ...objectsAt(root, 'ipv6_prefixes')]) {
      const { ip_prefix: ipv4, ipv6_prefix: ipv6 } = prefix;
      yield* recordsOf([ipv4 ?? ipv6], {
        service: textAt(prefix, 'service'),
        region: textAt(prefix, 'region'),
        networkBorderGroup: textAt(prefix, 'network_border_group'),
      });
    }
  },
};
