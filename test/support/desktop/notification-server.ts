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
  /** Who sent it: the unique name on the bus. */
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

/** Why a notification was closed, as the specification numbers it. */
export const CLOSE_REASON = { expired: 1, dismissed: 2, closedByCall: 3 } as const;

/** A notification that is gone; `reason` is one of {@link CLOSE_REASON}. */
export type ClosedNotification = Readonly<Omit<z.infer<typeof closedSchema>, 'event'>>;

/** How a bus starts the server by itself; nobody can tell that one what to do. */
export const SERVER_ON_DEMAND: BusService = {
  name: 'org.freedesktop.Notifications',
  command: [...helperCommand(SCRIPT), '--started-by-bus'].join(' '),
};

/** What a server may do differently; without it all goes on as before. */
export interface Behaviour {
  /** What it says that it can do, when it is asked the next time. */
  readonly capabilities?: readonly string[];
  /** "Do not disturb"; a server that was never told has no such property. */
  readonly inhibited?: boolean;
  /** Whether it refuses what is sent to it. */
  readonly refuses?: boolean;
  /** Whether it leaves a notification on the screen when an action of it was chosen. */
  readonly keepsAfterAction?: boolean;
  /** Whether it keeps its answers to `Notify` back; those it has kept go out when that ends. */
  readonly holdsAnswers?: boolean;
  /** How many it shows; the oldest of more are called expired. */
  readonly mostShown?: number;
  /** Whether it is there and cannot say yet what it can do. */
  readonly isStarting?: boolean;
}

/** The notification server of a test desktop: what apps sent to it, and the hand of the person who clicks. */
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

  /** Every `Notify` call so far, in order; one that replaces another is an entry of its own with the same id. */
  get notifications(): readonly ShownNotification[] {
    return this.#conversation.events.filter((event) => event.event === 'notify');
  }

  get closed(): readonly ClosedNotification[] {
    return this.#conversation.events.filter((event) => event.event === 'closed');
  }

  /** What a person would see now: the latest state of each notification that is not closed. */
  get open(): readonly ShownNotification[] {
    const shown = new Map<number, ShownNotification>();
    for (const event of this.#conversation.events) {
      if (event.event === 'notify') shown.set(event.id, event);
      if (event.event === 'closed') shown.delete(event.id);
    }
    return [...shown.values()];
  }

  /** The first notification, already there or still to come, for which `predicate` holds. */
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
   * Chooses an action (`default` is the click on the notification itself), as a person does; the server then closes
   * the notification unless it asked to stay. Rejects where it is not open.
   */
  async invokeAction(id: number, actionKey: string): Promise<void> {
    await this.#command({ do: 'invoke', id, action: actionKey }, id);
  }

  /** Closes a notification, as a person does who dismisses it. */
  async close(id: number, reason: number = CLOSE_REASON.dismissed): Promise<void> {
    if (!this.open.some((notification) => notification.id === id)) {
      throw new Error(`Notification ${id} is not open.`);
    }
    await this.#command({ do: 'close', id, reason }, id);
  }

  /** Has it behave differently from now on; resolves when it does. */
  async behave(behaviour: Behaviour): Promise<void> {
    await this.#conversation.ask({ do: 'behave', as: behaviour }, ({ event }) => event === 'behaves');
  }

  /** Has it leave the service to another server, without ending. */
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
