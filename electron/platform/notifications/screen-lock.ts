import type { SessionBusParts } from './session-bus';
import { SessionBus } from './session-bus';

/** Screen lockers use one of these names, with the same interface. */
const NAMES = [
  'org.freedesktop.ScreenSaver',
  'org.gnome.ScreenSaver',
  'org.cinnamon.ScreenSaver',
  'org.mate.ScreenSaver',
  'org.xfce.ScreenSaver',
];
const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/**
 * The screen lock of a freedesktop desktop, if the desktop reports it. The session counts as unlocked when the program
 * starts.
 */
export class ScreenLock {
  readonly #bus: SessionBus;
  readonly #onChange: () => void;
  #isLocked = false;

  constructor(parts: SessionBusParts, onChange: () => void) {
    this.#onChange = onChange;
    this.#bus = new SessionBus(parts, {
      onConnection: (connection) => {
        for (const name of NAMES) {
          const rule = `type='signal',sender='${name}',interface='${name}',member='ActiveChanged'`;
          connection.call({ ...BUS, member: 'AddMatch', signature: 's', body: [rule] }, (reply) => {
            if (reply.ok) this.#bus.answered();
            else connection.fail(reply.message);
          });
        }
      },
      onSignal: ({ member, body }) => {
        if (member === 'ActiveChanged') this.#become(body[0] === true);
      },
      // Without the bus nobody would report the end of the lock.
      onDown: () => this.#become(false),
    });
  }

  get isLocked(): boolean {
    return this.#isLocked;
  }

  start(): void {
    this.#bus.start();
  }

  stop(): void {
    this.#bus.stop();
  }

  #become(isLocked: boolean): void {
    if (isLocked === this.#isLocked) return;
    this.#isLocked = isLocked;
    this.#onChange();
  }
}
