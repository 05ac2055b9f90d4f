import type { Bridge } from '#shared/ipc/derive';

declare global {
  interface Window {
    readonly gatehouse: Bridge;
  }
}

/** The only way out of this window. Read at each use, so that nothing depends on the order of loading. */
export const bridge = (): Bridge => window.gatehouse;
