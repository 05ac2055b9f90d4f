import { SessionBus, type SessionBusParts } from './session-bus';

/** Screen lockers use one of these names, with the same interface. */
const NAMES = [
  'org.freedesktop.ScreenSaver',
  'org.gnome.ScreenSaver',
  'org.cinnamon.ScreenSaver',
  'org.mate.ScreenSaver',
  'org.xfce.ScreenSaver',
];
const MATCH_RULES = NAMES.map(
  (name) => `type='signal',sender='${name}',interface='${name}',member='ActiveChanged'`,
);

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
      matchRules: MATCH_RULES,
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
