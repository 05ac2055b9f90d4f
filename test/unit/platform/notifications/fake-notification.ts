import { EventEmitter } from 'node:events';

interface ActivationArguments {
  readonly type: string;
  readonly arguments: string;
}

/** Electron's `Notification` as far as it is used: macOS and Windows cannot be had here. */
export class FakeNotification extends EventEmitter {
  static made: FakeNotification[] = [];
  static handleActivation: ((callback: (activation: ActivationArguments) => void) => void) | undefined;
  static getHistory: (() => Promise<FakeNotification[]>) | undefined;
  static remove: ((id: string) => void) | undefined;
  static isSupported = (): boolean => true;

  readonly id: string = '';
  readonly groupId: string = '';
  title = '';
  body = '';
  urgency = '';
  timeoutType = '';
  silent = false;
  toastXml: string | undefined;
  actions: readonly { readonly type: string; readonly text: string }[] = [];
  isOnScreen = false;
  timesShown = 0;

  constructor(options: Partial<FakeNotification>) {
    super();
    if ((options.id ?? '').length > 64) throw new Error('Notification id exceeds the limit of 64 characters');
    Object.assign(this, options);
    FakeNotification.made.push(this);
  }

  /** A newer Electron has these; where they are, depends on the platform. */
  static reset(): void {
    FakeNotification.made = [];
    FakeNotification.handleActivation = undefined;
    FakeNotification.getHistory = undefined;
    FakeNotification.remove = undefined;
  }

  show(): void {
    // As on macOS: what was there before is closed, and tells so at once.
    this.close();
    this.isOnScreen = true;
    this.timesShown += 1;
  }

  close(): void {
    if (!this.isOnScreen) return;
    this.isOnScreen = false;
    this.emit('close', {});
  }
}
