/** Lets everything have its turn that waits for one, before long work goes on. */
export function othersFirst(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
