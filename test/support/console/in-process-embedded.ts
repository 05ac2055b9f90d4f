import { parseListen, readConfig } from '#service/config';
import { AddressInUseError } from '#service/http/listen';
import { startService } from '#service/service';
import type { StartMessage } from '#shared/embedded/protocol';
import type { EmbeddedProcess, ForkEmbedded } from '#electron/core/ports';

/**
 * The real enforcement service behind the embedded protocol, in the test's own process instead of Electron's utility
 * process. `crash()` ends it without a message.
 */
export interface InProcessEmbedded {
  readonly fork: ForkEmbedded;
  readonly starts: readonly StartMessage[];
  crash(): Promise<void>;
}

export function inProcessEmbedded(): InProcessEmbedded {
  const starts: StartMessage[] = [];
  let crash = (): Promise<void> => Promise.resolve();

  const fork = (): EmbeddedProcess => {
    let tell: (message: unknown) => void = () => undefined;
    let exit: (code: number | null) => void = () => undefined;
    let running: ReturnType<typeof startService> | undefined;
    const end = async (code: number | null): Promise<void> => {
      const service = await running?.catch(() => undefined);
      running = undefined;
      await service?.stop();
      exit(code);
    };
    crash = () => end(139);
    const start = (message: StartMessage): void => {
      starts.push(message);
      running = startService({
        config: { ...readConfig({}), ...parseListen(message.listen), dataDir: message.dataDir },
        owner: {
          email: message.ownerEmail,
          tokenName: 'Console on this computer',
          tokenHash: () => message.consoleTokenHash,
          renew: true,
        },
        log: { write: () => undefined },
      });
      running.then(
        ({ url }) => tell({ type: 'listening', url }),
        (error: unknown) => {
          const code = error instanceof AddressInUseError ? 'address_in_use' : 'internal';
          tell({ type: 'failed', code, message: String(error) });
          exit(1);
        },
      );
    };
    return {
      post: (message) => (message.type === 'start' ? start(message) : void end(0)),
      onMessage: (listener) => (tell = listener),
      onExit: (listener) => (exit = listener),
      kill: () => void end(null),
    };
  };
  return { fork, starts, crash: () => crash() };
}
