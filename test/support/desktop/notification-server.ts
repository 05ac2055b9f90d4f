import { z } from 'zod';

import type { BusService } from './bus';
import { Conversation, helperCommand } from './conversation';

const SCRIPT = 'notification-server.py';

const notifySchema = z.object({
  event: z.literal('notify'),
  atMs: z.number(),
  id: z.number(),
  appName: z.string(),
  replacesId: z.number(),
  summary: z.string(),
  body: z.string(),
  actions: z.array(z.object({ key: z.string(), label: z.string() })),
  hints: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  expireTimeoutMs: z.number(),
  /** The sender's unique name on the bus. */
  sender: z.string(),
});
const closedSchema = z.object({
  event: z.literal('closed'),
  atMs: z.number(),
  id: z.number(),
  reason: z.number(),
});
const eventSchema = z.discriminatedUnion('event', [
  notifySchema,
  closedSchema,
  z.object({ event: z.literal('ready'), atMs: z.number() }),
  z.object({ event: z.literal('behaves'), atMs: z.number() }),
  z.object({ event: z.literal('gave-up-name'), atMs: z.number() }),
  z.object({ event: z.literal('invoked'), atMs: z.number(), id: z.number(), action: z.string() }),
  z.object({ event: z.literal('refused'), atMs: z.number(), id: z.number(), why: z.string() }),
]);
type ServerEvent = z.infer<typeof eventSchema>;

/** A `Notify` call that reached the server; `atMs` is on the clock of `Date.now()`. */
export type ShownNotification = Readonly<Omit<z.infer<typeof notifySchema>, 'event'>>;

/** The specification's numbers for the reason of a close. */
export const CLOSE_REASON = { expired: 1, dismissed: 2, closedByCall: 3 } as const;

/** A closed notification; `reason` is one of {@link CLOSE_REASON}. */
export type ClosedNotification = Readonly<Omit<z.infer<typeof closedSchema>, 'event'>>;

/** Lets a bus start the server. Such a server takes no commands. */
export const SERVER_ON_DEMAND: BusService = {
  name: 'org.freedesktop.Notifications',
  command: [...helperCommand(SCRIPT), '--started-by-bus'].join(' '),
};

/** The server's deviations. A missing one leaves the behaviour as it was. */
export interface Behaviour {
  /** The capabilities of the next answer. */
  readonly capabilities?: readonly string[];
  /** "Do not disturb"; until it is set the server has no such property. */
  readonly inhibited?: boolean;
  /** True if it refuses every notification. */
  readonly refuses?: boolean;
  /** True if it leaves a notification on the screen when one of its actions is chosen. */
  readonly keepsAfterAction?: boolean;
  /** True if it withholds its answers to `Notify`; they are sent when this ends. */
  readonly holdsAnswers?: boolean;
  /** The most notifications that it shows; the oldest of more expire. */
  readonly mostShown?: number;
  /** True if it is on the bus and cannot report its capabilities yet. */
  readonly isStarting?: boolean;
}

/** The notification server of a test desktop. It records what apps send, and acts as the person who clicks. */
export class NotificationServer {
  readonly #conversation: Conversation<ServerEvent>;

  private constructor(conversation: Conversation<ServerEvent>) {
    this.#conversation = conversation;
  }

  /** Starts the server on a bus and waits until it answers there. */
  static async start(env: NodeJS.ProcessEnv, behaviour: Behaviour = {}): Promise<NotificationServer> {
    const args = [JSON.stringify(behaviour)];
    return new NotificationServer(
      await Conversation.begin({ name: 'The notification server', script: SCRIPT, args, env, eventSchema }),
    );
  }

  /** Every `Notify` call so far, in order; an update is an entry of its own with the same id. */
  get notifications(): readonly ShownNotification[] {
    return this.#conversation.events.filter((event) => event.event === 'notify');
  }

  get closed(): readonly ClosedNotification[] {
    return this.#conversation.events.filter((event) => event.event === 'closed');
  }

  /** The latest state of each notification that is not closed. */
  get open(): readonly ShownNotification[] {
    const shown = new Map<number, ShownNotification>();
    for (const event of this.#conversation.events) {
      if (event.event === 'notify') shown.set(event.id, event);
      if (event.event === 'closed') shown.delete(event.id);
    }
    return [...shown.values()];
  }

  /** Resolves with the first matching notification, buffered or future. */
  waitForNotification(
    predicate: (notification: ShownNotification) => boolean,
    deadlineMs: number,
  ): Promise<ShownNotification> {
    return this.#conversation.until(
      () => this.notifications.find(predicate),
      deadlineMs,
      () => `No such notification within ${deadlineMs} ms; there were ${JSON.stringify(this.notifications)}`,
    );
  }

  waitForClosed(id: number, deadlineMs: number): Promise<ClosedNotification> {
    return this.#conversation.until(
      () => this.closed.find((closed) => closed.id === id),
      deadlineMs,
      () => `Notification ${id} was not closed within ${deadlineMs} ms`,
    );
  }

  /**
   * Chooses an action (`default` is the click on the notification itself); the server then closes the notification unless
   * it asked to stay. Rejects if it is not open.
   */
  async invokeAction(id: number, actionKey: string): Promise<void> {
    await this.#command({ do: 'invoke', id, action: actionKey }, id);
  }

  /** Dismisses a notification as a person does. */
  async close(id: number, reason: number = CLOSE_REASON.dismissed): Promise<void> {
    if (!this.open.some((notification) => notification.id === id)) {
      throw new Error(`Notification ${id} is not open.`);
    }
    await this.#command({ do: 'close', id, reason }, id);
  }

  /** Changes the server's behaviour; resolves when it holds. */
  async behave(behaviour: Behaviour): Promise<void> {
    await this.#conversation.ask({ do: 'behave', as: behaviour }, ({ event }) => event === 'behaves');
  }

  /** Lets the server release its name to another one, without ending. */
  async giveUpName(): Promise<void> {
    await this.#conversation.ask({ do: 'give-up-name' }, ({ event }) => event === 'gave-up-name');
  }

  stop(): Promise<void> {
    return this.#conversation.stop();
  }

  async #command(command: object, id: number): Promise<void> {
    const answer = await this.#conversation.ask(command, (event) => isAnswer(event, id));
    if (answer.event === 'refused') throw new Error(`Notification ${id}: ${answer.why}.`);
  }
}

function isAnswer(event: ServerEvent, id: number): boolean {
  return (
    (event.event === 'invoked' || event.event === 'refused' || event.event === 'closed') && event.id === id
  );
}
