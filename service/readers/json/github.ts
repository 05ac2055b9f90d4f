import { isObject, listAt, recordsOf } from './record';
import type { JsonReader } from './reader';
import { isRange } from '../range-text';

/** https://docs.github.com/rest/meta */
export const githubReader: JsonReader = {
  format: 'github',
  fields: { range: ['hooks', 'web', 'api', 'git', 'actions'], label: [] },
  recognizes: (root) =>
    isObject(root) && Array.isArray(root.hooks) && Array.isArray(root.web) && Array.isArray(root.git),
  *records(root) {
    if (!isObject(root)) return;
    for (const section of Object.keys(root)) {
      const texts = listAt(root, section);
      // Keys of SSH and names of hosts are lists, too.
      if (texts.some((text) => typeof text === 'string' && isRange(text)))
        yield* recordsOf(texts, { section });
    }
  },
};
