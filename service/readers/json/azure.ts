import { isObject, listAt, objectsAt, recordsOf, textAt } from './record';
import type { JsonReader } from './reader';

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview */
export const azureReader: JsonReader = {
  format: 'azure',
  fields: { range: ['addressPrefixes'], label: ['name'] },
  recognizes: (root) =>
    isObject(root) &&
    objectsAt(root, 'values').some(
      ({ properties }) => isObject(properties) && 'addressPrefixes' in properties,
    ),
  *records(root) {
    if (!isObject(root)) return;
    for (const value of objectsAt(root, 'values')) {
      const { properties } = value;
      if (!isObject(properties)) continue;
      const tag = textAt(value, 'name');
      const [region, service] = [textAt(properties, 'region'), textAt(properties, 'systemService')];
      yield* recordsOf(listAt(properties, 'addressPrefixes'), { tag, region, service }, tag);
    }
  },
};
