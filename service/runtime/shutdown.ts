/** What has to be ended, in the reverse of the order in which it came to be. */
export interface Shutdown {
  /** Remembers a step for the end. */
  add(step: () => void | Promise<void>): void;
  /** Takes every step, whatever becomes of the others. Rejects with the first failure, after the last step. */
  run(): Promise<void>;
}

export const createShutdown = (): Shutdown => {
  const steps: (() => void | Promise<void>)[] = [];
  return {
    add: (step) => steps.push(step),
    run: async () => {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
};
