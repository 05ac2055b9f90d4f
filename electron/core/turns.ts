/** Lets everything have its turn that waits for one, before long work goes on. */
export const othersFirst = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
