/**
 * Remembers the results of a pure function for at least the last `capacity / 2` texts it was asked about, and for at
 * most `capacity`: two generations, of which the older is dropped as a whole.
 */
export const memoize = <T extends NonNullable<unknown>>(
  read: (text: string) => T,
  capacity: number,
): ((text: string) => T) => {
  let recent = new Map<string, T>();
  let older = new Map<string, T>();
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    const result = older.get(text) ?? read(text);
    recent.set(text, result);
    if (recent.size * 2 > capacity) {
      older = recent;
      recent = new Map();
    }
    return result;
  };
};
