import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns how often the threads of a process have gone to sleep by themselves so far, which is how often something woke
 * them. Only Linux reports it.
 */
export function wakesOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, task) => {
    const status = readFileSync(join(tasks, task, 'status'), 'utf8');
    return sum + Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]);
  }, 0);
}
