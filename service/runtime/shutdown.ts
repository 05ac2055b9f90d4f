/** The steps that end the service, in the reverse of the order in which they were added. */
export interface Shutdown {
  add(step: () => void | Promise<void>): void;
  /** Runs every step, even after one has failed. Rejects after the last step, with the first failure. */
  run(): Promise<void>;
}

export function createShutdown(): Shutdown {
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
}
