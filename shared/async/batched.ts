/**
 * Returns a lookup that asks for many at once. One `load` is under way at a time; what is asked for meanwhile goes into the
 * next one, so that an answer is never older than its question.
 */
export function createBatched<K, V>(
  load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): (key: K) => Promise<V | undefined> {
  let underWay: Promise<unknown> | undefined;
  let next: { readonly keys: Set<K>; readonly loaded: Promise<ReadonlyMap<K, V>> } | undefined;

  const begin = (): { readonly keys: Set<K>; readonly loaded: Promise<ReadonlyMap<K, V>> } => {
    const keys = new Set<K>();
    const loaded = Promise.resolve(underWay).then(() => {
      next = undefined;
      const loading = load([...keys]);
      underWay = loading.catch(() => undefined);
      return loading;
    });
    return { keys, loaded };
  };

  return async (key) => {
    next ??= begin();
    next.keys.add(key);
    return (await next.loaded).get(key);
  };
}
