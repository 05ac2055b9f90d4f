import type { Announcement, AnnouncementEvent, Log, Presenter } from '../../core/ports';
import type { NotificationService, NotifyOutcome } from './notification-service';
import { CLICK } from './notify-arguments';
import type { NumberStore } from './shown-numbers';

/** What is to become of one notification, and how far it is. */
interface Lane {
  /** What is to be on the screen; null: nothing. */
  wanted: Announcement | null;
  /** What the server was last told to show. */
  sent: Announcement | null;
  /** The server's number of what is on the screen; 0: nothing is. */
  number: number;
  /** The call under way whose answer brings the number. */
  call: symbol | null;
  /** Shown by a run of this program that crashed, and not withdrawn since: it stays, and can be answered. */
  isOfEarlierRun: boolean;
}

const NEW_LANE: Readonly<Lane> = { wanted: null, sent: null, number: 0, call: null, isOfEarlierRun: false };

/**
 * Notifications through the notification server of a freedesktop desktop: with buttons, updated in place and withdrawn.
 *
 * The server names a notification in its answer only, so each has a lane: while an answer is awaited, what is wanted may
 * change, and then the answer is followed by what has become right meanwhile. A server that starts again has forgotten
 * everything, and is told again what is open. One that outlived a crash of this program has a lane from the start.
 */
export class FreedesktopPresenter implements Presenter {
  readonly #service: NotificationService;
  readonly #log: Log;
  readonly #store: NumberStore;
  /** The server that gave the lanes their numbers. */
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

  /** True until it is known that there is no server. One that comes later is used all the same. */
  isSupported(): boolean {
    return !this.#service.isMissing;
  }

  /** Where a click does nothing, buttons are not on the screen either: dunst has them in a menu of its own. */
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

  /** Does the next thing that brings what is on the screen to what is wanted. */
  #proceed(id: string, lane: Lane): void {
    // Without a server nothing can be done; once there is one, everything is looked at again.
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
      // Another server is there since.
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
        // An update that was refused leaves the one before on the screen; a newer one is tried all the same.
        if (lane.number === 0 && lane.wanted === lane.sent)
          this.#end(id, lane, { kind: 'closed', id, by: 'desktop' });
        else this.#proceed(id, lane);
        break;
      case 'lost':
        // The bus tells what became of the server, and when there is another.
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

  /** Whatever was on the screen is not there any more. */
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
    // Some servers leave it on the screen; ending it takes it off.
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

  /** What a person, or the desktop, has made of it. Nothing is told about what was withdrawn already. */
  #end(id: string, lane: Lane, event: AnnouncementEvent): void {
    const wasWanted = lane.wanted !== null || lane.isOfEarlierRun;
    lane.wanted = null;
    lane.isOfEarlierRun = false;
    this.#proceed(id, lane);
    if (!wasWanted) return;
    for (const listener of this.#listeners) listener(event);
  }
}
