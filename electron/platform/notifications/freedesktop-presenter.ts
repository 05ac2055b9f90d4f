import type { Announcement, AnnouncementEvent, Log, Presenter } from '../../core/ports';
import type { NotificationService } from './notification-service';
import { CLICK } from './notify-arguments';
import type { NotifyOutcome } from './running-server';
import type { NumberStore } from './shown-numbers';

/** The wanted and the shown state of one notification. */
interface NotificationState {
  /** Undefined means that nothing should be on the screen. */
  wanted: Announcement | undefined;
  /** The server was last asked to show this. */
  sent: Announcement | undefined;
  /** The server's number of the notification on the screen, or 0. */
  number: number;
  /** The pending call, whose answer brings the number. */
  call: symbol | undefined;
  /** A run of this program that crashed has shown it. It stays until it is withdrawn, and can be answered. */
  isOfEarlierRun: boolean;
}

const NEW_STATE: Readonly<NotificationState> = {
  wanted: undefined,
  sent: undefined,
  number: 0,
  call: undefined,
  isOfEarlierRun: false,
};

/**
 * Shows notifications through a freedesktop notification server: with buttons, updates and withdrawal. The server numbers a
 * notification only in its answer, so each has a state that may change while an answer is awaited; the answer then triggers
 * the next step. A server that restarts has forgotten everything and gets the open ones again. Notifications that outlived
 * a crash of this program have a state from the start.
 */
export class FreedesktopPresenter implements Presenter {
  readonly #service: NotificationService;
  readonly #log: Log;
  readonly #store: NumberStore;
  /** The server that the numbers belong to. */
  #server: string;
  readonly #states = new Map<string, NotificationState>();
  readonly #idOf = new Map<number, string>();
  readonly #listeners = new Set<(event: AnnouncementEvent) => void>();

  constructor(service: NotificationService, log: Log, store: NumberStore) {
    this.#service = service;
    this.#log = log;
    this.#store = store;
    const { server, numbers } = store.read() ?? { server: '', numbers: {} };
    this.#server = server;
    for (const [id, number] of Object.entries(numbers)) {
      this.#states.set(id, { ...NEW_STATE, number, isOfEarlierRun: true });
      this.#idOf.set(number, id);
    }
    service.observe({
      onServer: (server) => this.#onServer(server),
      onServerGone: () => this.#onServerGone(),
      onAction: (number, key) => this.#onAction(number, key),
      onClosed: (number, isByPerson) => this.#onClosed(number, isByPerson),
    });
  }

  /** True until the absence of a server is known. A server that comes later is used all the same. */
  isSupported(): boolean {
    return !this.#service.isMissing;
  }

  /** A server without the click shows no buttons on the screen either: dunst has them in its menu. */
  hasButtons(): boolean {
    return this.#service.capabilities?.click ?? false;
  }

  show(id: string, announcement: Announcement): void {
    const state = this.#states.get(id) ?? { ...NEW_STATE };
    state.wanted = announcement;
    state.isOfEarlierRun = false;
    this.#states.set(id, state);
    this.#service.find();
    this.#proceed(id, state);
  }

  withdraw(id: string): void {
    const state = this.#states.get(id);
    if (state === undefined) return;
    state.wanted = undefined;
    state.isOfEarlierRun = false;
    this.#proceed(id, state);
  }

  subscribe(listener: (event: AnnouncementEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the next step from the shown to the wanted state. */
  #proceed(id: string, state: NotificationState): void {
    // Without a server the step waits; a new server triggers all of them.
    const isWaiting =
      this.#service.capabilities === undefined && (state.wanted !== undefined || state.number !== 0);
    if (state.call !== undefined || state.isOfEarlierRun || isWaiting) return;
    if (state.wanted === undefined) {
      if (state.number !== 0) this.#service.close(state.number);
      this.#idOf.delete(state.number);
      this.#states.delete(id);
      this.#remember();
    } else if (state.wanted !== state.sent) {
      this.#send(id, state, state.wanted);
    }
  }

  #send(id: string, state: NotificationState, announcement: Announcement): void {
    const call = Symbol(id);
    state.call = call;
    state.sent = announcement;
    this.#service.notify(announcement, state.number, (outcome) => {
      // Another server has replaced the one that was called.
      if (state.call !== call) return;
      state.call = undefined;
      this.#onOutcome(id, state, outcome);
    });
  }

  #onOutcome(id: string, state: NotificationState, outcome: NotifyOutcome): void {
    switch (outcome.kind) {
      case 'shown':
        if (state.number !== outcome.number) {
          this.#idOf.delete(state.number);
          this.#idOf.set(outcome.number, id);
          state.number = outcome.number;
          this.#remember();
        }
        this.#proceed(id, state);
        break;
      case 'refused':
        this.#log.warn('notifications.refused', { id, message: outcome.message });
        // A refused update leaves the earlier notification on the screen; a newer update is tried all the same.
        if (state.number === 0 && state.wanted === state.sent)
          this.#end(id, state, { kind: 'closed', id, by: 'desktop' });
        else this.#proceed(id, state);
        break;
      case 'lost':
        // The bus reports the loss of the server, and its successor.
        break;
    }
  }

  #onServer(server: string): void {
    if (server !== this.#server) this.#forgetNumbers();
    this.#server = server;
    for (const [id, state] of this.#states) this.#proceed(id, state);
  }

  #onServerGone(): void {
    this.#forgetNumbers();
    this.#server = '';
  }

  #forgetNumbers(): void {
    this.#idOf.clear();
    for (const [id, state] of this.#states) {
      state.number = 0;
      state.sent = undefined;
      state.call = undefined;
      if (state.wanted === undefined) this.#states.delete(id);
    }
  }

  #remember(): void {
    const shown = [...this.#states].filter(([, state]) => state.number !== 0);
    const numbers = Object.fromEntries(shown.map(([id, state]) => [id, state.number]));
    this.#store.write({ server: this.#server, numbers });
  }

  #onAction(number: number, key: string): void {
    this.#withNumber(number, (id, state) => {
      // Some servers leave it on the screen after a click.
      this.#end(id, state, key === CLICK ? { kind: 'clicked', id } : { kind: 'pressed', id, button: key });
    });
  }

  #onClosed(number: number, isByPerson: boolean): void {
    this.#withNumber(number, (id, state) => {
      this.#idOf.delete(number);
      state.number = 0;
      this.#end(id, state, { kind: 'closed', id, by: isByPerson ? 'person' : 'desktop' });
    });
  }

  #withNumber(number: number, act: (id: string, state: NotificationState) => void): void {
    const id = this.#idOf.get(number);
    const state = id === undefined ? undefined : this.#states.get(id);
    if (id !== undefined && state !== undefined) act(id, state);
  }

  /** Publishes the event, unless the notification was withdrawn before. */
  #end(id: string, state: NotificationState, event: AnnouncementEvent): void {
    const wasWanted = state.wanted !== undefined || state.isOfEarlierRun;
    state.wanted = undefined;
    state.isOfEarlierRun = false;
    this.#proceed(id, state);
    if (!wasWanted) return;
    for (const listener of this.#listeners) listener(event);
  }
}
