import type { Announcement, AnnouncementEvent, Log, Presenter } from '../../core/ports';
import type { NotificationService, NotifyOutcome } from './notification-service';
import { CLICK } from './notify-arguments';
import type { NumberStore } from './shown-numbers';

/** The wanted and the shown state of one notification. */
interface Lane {
  /** Null means that nothing should be on the screen. */
  wanted: Announcement | null;
  /** The server was last asked to show this. */
  sent: Announcement | null;
  /** The server's number of the notification on the screen, or 0. */
  number: number;
  /** The pending call, whose answer brings the number. */
  call: symbol | null;
  /** A run of this program that crashed has shown it. It stays until it is withdrawn, and can be answered. */
  isOfEarlierRun: boolean;
}

const NEW_LANE: Readonly<Lane> = { wanted: null, sent: null, number: 0, call: null, isOfEarlierRun: false };

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
  readonly #lanes = new Map<string, Lane>();
  readonly #idOf = new Map<number, string>();
  readonly #listeners = new Set<(event: AnnouncementEvent) => void>();

  constructor(service: NotificationService, log: Log, store: NumberStore) {
    this.#service = service;
    this.#log = log;
    this.#store = store;
    const { server, numbers } = store.read() ?? { server: '', numbers: {} };
    this.#server = server;
    for (const [id, number] of Object.entries(numbers)) {
      this.#lanes.set(id, { ...NEW_LANE, number, isOfEarlierRun: true });
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
    const lane = this.#lanes.get(id) ?? { ...NEW_LANE };
    lane.wanted = announcement;
    lane.isOfEarlierRun = false;
    this.#lanes.set(id, lane);
    this.#service.look();
    this.#proceed(id, lane);
  }

  withdraw(id: string): void {
    const lane = this.#lanes.get(id);
    if (lane === undefined) return;
    lane.wanted = null;
    lane.isOfEarlierRun = false;
    this.#proceed(id, lane);
  }

  subscribe(listener: (event: AnnouncementEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the next step from the shown to the wanted state. */
  #proceed(id: string, lane: Lane): void {
    // Without a server the step waits; a new server triggers all of them.
    const isWaiting = this.#service.capabilities === null && (lane.wanted !== null || lane.number !== 0);
    if (lane.call !== null || lane.isOfEarlierRun || isWaiting) return;
    if (lane.wanted === null) {
      if (lane.number !== 0) this.#service.close(lane.number);
      this.#idOf.delete(lane.number);
      this.#lanes.delete(id);
      this.#remember();
    } else if (lane.wanted !== lane.sent) {
      this.#send(id, lane, lane.wanted);
    }
  }

  #send(id: string, lane: Lane, announcement: Announcement): void {
    const call = Symbol(id);
    lane.call = call;
    lane.sent = announcement;
    this.#service.notify(announcement, lane.number, (outcome) => {
      // Another server has replaced the one that was called.
      if (lane.call !== call) return;
      lane.call = null;
      this.#onOutcome(id, lane, outcome);
    });
  }

  #onOutcome(id: string, lane: Lane, outcome: NotifyOutcome): void {
    switch (outcome.kind) {
      case 'shown':
        if (lane.number !== outcome.number) {
          this.#idOf.delete(lane.number);
          this.#idOf.set(outcome.number, id);
          lane.number = outcome.number;
          this.#remember();
        }
        this.#proceed(id, lane);
        break;
      case 'refused':
        this.#log.warn('notifications.refused', { id, message: outcome.message });
        // A refused update leaves the earlier notification on the screen; a newer update is tried all the same.
        if (lane.number === 0 && lane.wanted === lane.sent)
          this.#end(id, lane, { kind: 'closed', id, by: 'desktop' });
        else this.#proceed(id, lane);
        break;
      case 'lost':
        // The bus reports the loss of the server, and its successor.
        break;
    }
  }

  #onServer(server: string): void {
    if (server !== this.#server) this.#forgetNumbers();
    this.#server = server;
    for (const [id, lane] of this.#lanes) this.#proceed(id, lane);
  }

  #onServerGone(): void {
    this.#forgetNumbers();
    this.#server = '';
  }

  #forgetNumbers(): void {
    this.#idOf.clear();
    for (const [id, lane] of this.#lanes) {
      lane.number = 0;
      lane.sent = null;
      lane.call = null;
      if (lane.wanted === null) this.#lanes.delete(id);
    }
  }

  #remember(): void {
    const shown = [...this.#lanes].filter(([, lane]) => lane.number !== 0);
    const numbers = Object.fromEntries(shown.map(([id, lane]) => [id, lane.number]));
    this.#store.write({ server: this.#server, numbers });
  }

  #onAction(number: number, key: string): void {
    const id = this.#idOf.get(number);
    const lane = id === undefined ? undefined : this.#lanes.get(id);
    if (id === undefined || lane === undefined) return;
    // Some servers leave it on the screen after a click.
    this.#end(id, lane, key === CLICK ? { kind: 'clicked', id } : { kind: 'pressed', id, button: key });
  }

  #onClosed(number: number, isByPerson: boolean): void {
    const id = this.#idOf.get(number);
    const lane = id === undefined ? undefined : this.#lanes.get(id);
    if (id === undefined || lane === undefined) return;
    this.#idOf.delete(number);
    lane.number = 0;
    this.#end(id, lane, { kind: 'closed', id, by: isByPerson ? 'person' : 'desktop' });
  }

  /** Publishes the event, unless the notification was withdrawn before. */
  #end(id: string, lane: Lane, event: AnnouncementEvent): void {
    const wasWanted = lane.wanted !== null || lane.isOfEarlierRun;
    lane.wanted = null;
    lane.isOfEarlierRun = false;
    this.#proceed(id, lane);
    if (!wasWanted) return;
    for (const listener of this.#listeners) listener(event);
  }
}
