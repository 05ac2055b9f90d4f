/**
 * Remembers the results of a pure function for at least the last `capacity / 2` texts it was asked about, and for at
 * most `capacity`: two generations, of which the older is dropped as a whole.
 * @param forgetAfterMs where it is given, nothing is kept for more than twice that time after it was last asked for.
 */
export const memoize = <T extends NonNullable<unknown>>(
  read: (text: string) => T,
  capacity: number,
  forgetAfterMs?: number,
): ((text: string) => T) => {
  let recent = new Map<string, T>();
  let older = new Map<string, T>();
  let timer: NodeJS.Timeout | undefined;
  const age = (): void => {
    older = recent;
    recent = new Map();
  };
  const forget = (): void => {
    age();
    timer = undefined;
    if (older.size > 0) forgetLater();
  };
  const forgetLater = (): void => {
    timer ??= setTimeout(forget, forgetAfterMs).unref();
  };
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    const result = older.get(text) ?? read(text);
    recent.set(text, result);
    if (recent.size * 2 > capacity) age();
    if (forgetAfterMs !== undefined) forgetLater();
    return result;
  };
};
