import { randomUUID } from 'node:crypto';
import { Notification, type NotificationConstructorOptions } from 'electron';
import type { Announcement, AnnouncementEvent, Log, Presenter } from '../../core/ports';
import { messageOf } from '../../core/text';
import { bodyWithClick, printable } from './printable';
import { readActivation, type Showing, toastXml } from './windows-toast';

const MOST_ENDED = 1_000;

/** Older versions of Electron and some platforms do not have these. */
type Newer = Partial<Pick<typeof Notification, 'getHistory' | 'handleActivation' | 'remove'>>;

type Content = Pick<
  NotificationConstructorOptions,
  'title' | 'body' | 'urgency' | 'timeoutType' | 'actions' | 'toastXml'
>;

interface Shown {
  readonly notification: Notification;
  readonly showing: Showing;
  /** The ids of the buttons in order; undefined for a notification of an earlier run. */
  buttons: readonly string[] | undefined;
  /** A notification that is shown again reports `close` first. */
  isReplaced: boolean;
}

/**
 * Shows notifications through Electron, on macOS and Windows. Electron's notifications on Linux have no buttons, so there
 * it is the fallback.
 */
export class ElectronPresenter implements Presenter {
  readonly #platform: NodeJS.Platform;
  readonly #log: Log;
  // The weaker type makes the compiler accept the checks below.
  readonly #newer: Newer = Notification;
  /** A notification that is garbage collected reports nothing, and macOS takes it off the screen. */
  readonly #shown = new Map<string, Shown>();
  /** The latest ended ones: Windows reports a click in two ways, and only one counts. */
  readonly #ended = new Set<Showing>();
  readonly #listeners = new Set<(event: AnnouncementEvent) => void>();
  #isListening = false;

  constructor(platform: NodeJS.Platform, log: Log) {
    this.#platform = platform;
    this.#log = log;
  }

  isSupported(): boolean {
    return Notification.isSupported();
  }

  /** On Windows buttons need `handleActivation`, because a toast may be pressed after its object is gone. */
  hasButtons(): boolean {
    return this.#platform === 'darwin' || this.#hasActivation();
  }

  show(id: string, announcement: Announcement): void {
    try {
      this.#show(id, announcement);
    } catch (error) {
      this.#fail(id, messageOf(error));
    }
  }

  withdraw(id: string): void {
    const shown = this.#shown.get(id);
    if (shown !== undefined) {
      this.#shown.delete(id);
      this.#remember(shown.showing);
      shown.notification.close();
    } else if (this.#platform === 'darwin') {
      // It may come from an earlier run. Windows cannot withdraw those.
      this.#newer.remove?.(id);
    }
  }

  subscribe(listener: (event: AnnouncementEvent) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#isListening) {
      this.#isListening = true;
      this.#listenToEarlierRuns();
    }
    return () => this.#listeners.delete(listener);
  }

  #show(id: string, announcement: Announcement): void {
    const buttons = announcement.buttons.map((button) => button.id);
    const before = this.#shown.get(id);
    if (before === undefined || before.buttons === undefined) {
      const showing = randomUUID();
      const content = this.#contentOf(id, showing, announcement);
      // Older versions of Electron ignore `id` and `groupId`; newer ones replace the notification of an earlier run.
      const notification = new Notification({ id, groupId: announcement.group, ...content });
      this.#keep(id, { notification, showing, buttons, isReplaced: false });
      notification.show();
      return;
    }
    // The same object is shown again, because macOS would take the new notification off the screen with the old object.
    before.buttons = buttons;
    before.isReplaced = true;
    // An update makes no second sound.
    Object.assign(before.notification, this.#contentOf(id, before.showing, announcement), { silent: true });
    before.notification.show();
    before.isReplaced = false;
  }

  #contentOf(id: string, showing: Showing, announcement: Announcement): Content {
    const { title, urgency, buttons, stays } = announcement;
    return {
      title: printable(title),
      body: printable(bodyWithClick(announcement)),
      urgency,
      timeoutType: stays ? 'never' : 'default',
      actions: this.hasButtons() ? buttons.map(({ label }) => ({ type: 'button', text: label })) : [],
      ...(this.#hasActivation() ? { toastXml: toastXml(id, showing, announcement) } : {}),
    };
  }

  #keep(id: string, shown: Shown): void {
    const { notification } = shown;
    const ifCurrent = (act: () => void): void => {
      if (this.#shown.get(id) === shown && !shown.isReplaced) act();
    };
    notification.on('click', () => ifCurrent(() => this.#end({ kind: 'clicked', id })));
    // Older versions pass the index beside the event.
    notification.on('action', ({ actionIndex }: { readonly actionIndex?: number }, index) =>
      ifCurrent(() => this.#onAction(id, shown, actionIndex ?? index)),
    );
    notification.on('close', ({ reason }) =>
      ifCurrent(() => {
        // It moved to the Action Center, where it can be clicked.
        if (this.#platform === 'win32' && reason === 'timedOut') return;
        this.#shown.delete(id);
        this.#tell({ kind: 'closed', id, by: reason === 'applicationHidden' ? 'desktop' : 'person' });
      }),
    );
    notification.on('failed', (_event, message) => ifCurrent(() => this.#fail(id, message)));
    this.#shown.set(id, shown);
  }

  #onAction(id: string, shown: Shown, index: number): void {
    const button = shown.buttons?.[index];
    // The buttons of an earlier run are unknown, and an answer is never guessed: a click shows all choices.
    this.#end(button === undefined ? { kind: 'clicked', id } : { kind: 'pressed', id, button });
  }

  #end(event: AnnouncementEvent): void {
    this.withdraw(event.id);
    this.#tell(event);
  }

  #remember(ended: Showing): void {
    if (!this.#hasActivation()) return;
    this.#ended.add(ended);
    const [oldest] = this.#ended;
    if (oldest !== undefined && this.#ended.size > MOST_ENDED) this.#ended.delete(oldest);
  }

  #fail(id: string, message: string): void {
    this.#log.warn('notifications.refused', { id, message });
    this.#shown.delete(id);
    // The caller of `show` does not expect the event before `show` returns.
    queueMicrotask(() => this.#tell({ kind: 'closed', id, by: 'desktop' }));
  }

  #tell(event: AnnouncementEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #hasActivation(): boolean {
    return this.#platform === 'win32' && this.#newer.handleActivation !== undefined;
  }

  /** Subscribes with the first listener, because Windows reports the click that started the app at once. */
  #listenToEarlierRuns(): void {
    if (this.#hasActivation()) {
      this.#newer.handleActivation?.((activation) => {
        const told = readActivation(activation);
        if (told === undefined || this.#ended.has(told.showing)) return;
        this.#remember(told.showing);
        this.#end(told.event);
      });
    }
    if (this.#platform !== 'darwin') return;
    this.#newer
      .getHistory?.()
      .then((history) => history.forEach((notification) => this.#adopt(notification)))
      .catch((error: unknown) => this.#log.warn('notifications.no_history', { message: messageOf(error) }));
  }

  /** Takes over a notification of an earlier run that is still on the screen. */
  #adopt(notification: Notification): void {
    const { id } = notification;
    if (!this.#shown.has(id))
      this.#keep(id, { notification, showing: randomUUID(), buttons: undefined, isReplaced: false });
  }
}
