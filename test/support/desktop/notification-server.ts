import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

import { startHelper, stopChild } from '#electron/launch/child-processes';

import type { BusService } from './bus';
import { Waiting } from './waiting';

const READY_LIMIT_MS = 15_000;
const ANSWER_LIMIT_MS = 5_000;

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

/** Not the first python3 of the path: Debian's packages are for the system's own. */
const SERVER_PROGRAM = {
  file: '/usr/bin/python3',
  args: ['-B', join(import.meta.dirname, 'notification-server.py')],
} as const;

/** How a bus starts the server by itself; nobody can tell that one what to do. */
export const SERVER_ON_DEMAND: BusService = {
  name: 'org.freedesktop.Notifications',
  command: [SERVER_PROGRAM.file, ...SERVER_PROGRAM.args, '--started-by-bus'].join(' '),
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
}

/** The notification server of a test desktop: what apps sent to it, and the hand of the person who clicks. */
export class NotificationServer {
  readonly #child: ChildProcess;
  readonly #events: ServerEvent[] = [];
  readonly #waiting = new Waiting();
  #complaint = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdin === null || child.stdout === null || child.stderr === null) {
      throw new Error('The notification server needs its pipes.');
    }
    // Writing to a server that has ended fails here; whoever waits for its answer is told by `close` below.
    child.stdin.on('error', () => undefined);
    createInterface(child.stdout).on('line', (line) => {
      this.#events.push(eventSchema.parse(JSON.parse(line)));
      this.#waiting.lookAgain();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#complaint += chunk));
    child.once('close', () => this.#waiting.giveUp(`The notification server ended. ${this.#complaint}`));
    child.once('error', (error) => this.#waiting.giveUp(error.message));
  }

  /** Starts the server on a bus and waits until it answers there. */
  static async start(env: NodeJS.ProcessEnv, behaviour: Behaviour = {}): Promise<NotificationServer> {
    const args = [...SERVER_PROGRAM.args, JSON.stringify(behaviour)];
    const child = startHelper(SERVER_PROGRAM.file, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    const server = new NotificationServer(child);
    await server.#waitForEvent('ready', READY_LIMIT_MS, 'the notification server');
    return server;
  }

  /** Every `Notify` call so far, in order; one that replaces another is an entry of its own with the same id. */
  get notifications(): readonly ShownNotification[] {
    return this.#events.filter((event) => event.event === 'notify');
  }

  get closed(): readonly ClosedNotification[] {
    return this.#events.filter((event) => event.event === 'closed');
  }

  /** What a person would see now: the latest state of each notification that is not closed. */
  get open(): readonly ShownNotification[] {
    const shown = new Map<number, ShownNotification>();
    for (const event of this.#events) {
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
    return this.#waiting.until(
      () => this.notifications.find(predicate),
      deadlineMs,
      () => `No such notification within ${deadlineMs} ms; there were ${JSON.stringify(this.notifications)}`,
    );
  }

  waitForClosed(id: number, deadlineMs: number): Promise<ClosedNotification> {
    return this.#waiting.until(
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
    await this.#ask({ do: 'behave', as: behaviour }, ({ event }) => event === 'behaves');
  }

  /** Has it leave the service to another server, without ending. */
  async giveUpName(): Promise<void> {
    await this.#ask({ do: 'give-up-name' }, ({ event }) => event === 'gave-up-name');
  }

  stop(): Promise<void> {
    return stopChild(this.#child);
  }

  async #command(command: object, id: number): Promise<void> {
    const answer = await this.#ask(command, (event) => isAnswer(event, id));
    if (answer.event === 'refused') throw new Error(`Notification ${id}: ${answer.why}.`);
  }

  #ask(command: object, isAnswer: (event: ServerEvent) => boolean): Promise<ServerEvent> {
    const alreadySeen = this.#events.length;
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
    return this.#waiting.until(
      () => this.#events.slice(alreadySeen).find(isAnswer),
      ANSWER_LIMIT_MS,
      () => `The notification server did not answer ${JSON.stringify(command)}`,
    );
  }

  async #waitForEvent(kind: ServerEvent['event'], deadlineMs: number, what: string): Promise<void> {
    await this.#waiting.until(
      () => this.#events.find(({ event }) => event === kind),
      deadlineMs,
      () => `Nothing was heard of ${what} within ${deadlineMs} ms. ${this.#complaint}`,
    );
  }
}

function isAnswer(event: ServerEvent, id: number): boolean {
  return (
    (event.event === 'invoked' || event.event === 'refused' || event.event === 'closed') && event.id === id
  );
}
