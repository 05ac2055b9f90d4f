import { isObject, objectsAt, textAt } from './record';
import type { JsonReader } from './reader';

/** The access list of a project: https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2 */
export const atlasReader: JsonReader = {
  format: 'atlas',
  fields: { range: ['cidrBlock', 'ipAddress'], label: ['comment'], expiresAt: ['deleteAfterDate'] },
  recognizes: (root) =>
    isObject(root) &&
    objectsAt(root, 'results').some((entry) => 'cidrBlock' in entry || 'ipAddress' in entry),
  *records(root) {
    if (!isObject(root)) return;
    for (const entry of objectsAt(root, 'results')) {
      // An address stands in both, and a security group in neither.
      const text =
        textAt(entry, 'cidrBlock') || textAt(entry, 'ipAddress') || textAt(entry, 'awsSecurityGroup');
      yield { text, label: textAt(entry, 'comment'), expiry: textAt(entry, 'deleteAfterDate') };
    }
  },
};
