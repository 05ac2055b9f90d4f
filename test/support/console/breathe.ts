/** Lets everything run that waits for nothing but its turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
