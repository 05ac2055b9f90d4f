import { createInterface } from 'node:readline';
import { utilityProcess } from 'electron';
import type { ForkEmbedded, Log } from '../core/ports';

/** Runs the built embedded service in a process of its own. Its output goes to the app's log. */
export function createFork(scriptPath: string, log: Log): ForkEmbedded {
  return () => {
    const child = utilityProcess.fork(scriptPath, [], {
      serviceName: 'Gatehouse enforcement service',
      stdio: 'pipe',
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => log.info('embedded.output', { line }));
    }
    return {
      post: (message) => child.postMessage(message),
      onMessage: (listener) => child.on('message', listener),
      onExit: (listener) => child.once('exit', (code) => listener(code)),
      // The parent has asked it to end before; a process that hangs obeys only this signal.
      kill: () => {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      },
    };
  };
}
