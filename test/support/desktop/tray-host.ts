import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

import { startHelper, stopChild } from '#electron/launch/child-processes';

import { Waiting } from './waiting';

const READY_LIMIT_MS = 15_000;
const ANSWER_LIMIT_MS = 5_000;

/** A line of a menu as the desktop draws it. `_` before a letter marks its key, `__` is one `_`. */
export interface MenuLine {
  readonly id: number;
  readonly type: 'standard' | 'separator';
  readonly label: string;
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly children: readonly MenuLine[];
}

const menuLineSchema: z.ZodType<MenuLine> = z.lazy(() =>
  z.object({
    id: z.number(),
    type: z.enum(['standard', 'separator']),
    label: z.string(),
    enabled: z.boolean(),
    visible: z.boolean(),
    children: z.array(menuLineSchema),
  }),
);

const itemSchema = z
  .object({
    Status: z.string(),
    /** Icon name, icon, title, text. */
    ToolTip: z.tuple([z.string(), z.unknown(), z.string(), z.string()]),
    /** Width and height of each picture, and a digest of its bytes. */
    IconPixmap: z.array(z.tuple([z.number(), z.number(), z.string()])),
  })
  .transform(({ Status: status, ToolTip: [, , tooltip], IconPixmap: pictures }) => ({
    status,
    tooltip,
    pictures: pictures.map(([width, height, digest]) => ({ width, height, digest })),
  }));
/** What an app has put into the tray. */
export type TrayItem = Readonly<z.output<typeof itemSchema>>;

const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready'), atMs: z.number() }),
  z.object({ event: z.literal('registered'), atMs: z.number(), item: z.string() }),
  z.object({ event: z.literal('unregistered'), atMs: z.number(), item: z.string() }),
  z.object({ event: z.literal('changed'), atMs: z.number(), item: z.string(), what: z.string() }),
  z.object({ event: z.literal('done'), atMs: z.number(), number: z.number(), value: z.unknown() }),
  z.object({ event: z.literal('failed'), atMs: z.number(), number: z.number(), why: z.string() }),
]);
type HostEvent = z.infer<typeof eventSchema>;
type Command = { readonly do: string } & Readonly<Record<string, unknown>>;

/** The tray of a test desktop, and the hand of the person who uses it. It is not there until it is told to appear. */
export class TrayHost {
  readonly #child: ChildProcess;
  readonly #events: HostEvent[] = [];
  readonly #waiting = new Waiting();
  #commands = 0;
  #complaint = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdin === null || child.stdout === null || child.stderr === null) {
      throw new Error('The tray needs its pipes.');
    }
    // Writing to a tray that has ended fails here; whoever waits for its answer is told by `close` below.
    child.stdin.on('error', () => undefined);
    createInterface(child.stdout).on('line', (line) => {
      this.#events.push(eventSchema.parse(JSON.parse(line)));
      this.#waiting.lookAgain();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#complaint += chunk));
    child.once('close', () => this.#waiting.giveUp(`The tray ended. ${this.#complaint}`));
    child.once('error', (error) => this.#waiting.giveUp(error.message));
  }

  /** Starts the program on a bus; the desktop has no tray yet. */
  static async start(env: NodeJS.ProcessEnv): Promise<TrayHost> {
    const script = join(import.meta.dirname, 'tray-host.py');
    // Not the first python3 of the path: Debian's packages are for the system's own.
    const child = startHelper('/usr/bin/python3', ['-B', script], { stdio: ['pipe', 'pipe', 'pipe'], env });
    const host = new TrayHost(child);
    await host.#waiting.until(
      () => host.#events.find(({ event }) => event === 'ready'),
      READY_LIMIT_MS,
      () => `Nothing was heard of the tray within ${READY_LIMIT_MS} ms. ${host.#complaint}`,
    );
    return host;
  }

  /** The desktop gets a tray. */
  async appear(): Promise<void> {
    await this.#command({ do: 'appear' });
  }

  /** The desktop loses its tray, as when the panel crashes or an extension is switched off. */
  async vanish(): Promise<void> {
    await this.#command({ do: 'vanish' });
  }

  /** The watcher stays, with or without a panel that shows what it watches. */
  async setHost(shown: boolean): Promise<void> {
    await this.#command({ do: 'host', shown });
  }

  /** How many items are in the tray. */
  get items(): number {
    const items = new Set<string>();
    for (const event of this.#events) {
      if (event.event === 'registered') items.add(event.item);
      if (event.event === 'unregistered') items.delete(event.item);
    }
    return items.size;
  }

  /** How often the item has said that something of it has changed: `menu`, `NewIcon`, `NewToolTip`. */
  changes(what: string): number {
    return this.#events.filter((event) => event.event === 'changed' && event.what === what).length;
  }

  /** Waits until there are this many items in the tray. */
  async waitForItems(count: number, deadlineMs: number): Promise<void> {
    await this.#waiting.until(
      () => (this.items === count ? true : undefined),
      deadlineMs,
      () => `There were ${this.items} items in the tray after ${deadlineMs} ms, not ${count}`,
    );
  }

  /** What the item shows. There must be one. */
  async item(): Promise<TrayItem> {
    return itemSchema.parse(await this.#command({ do: 'properties' }));
  }

  /** The item's menu as it would be drawn now. */
  async menu(): Promise<readonly MenuLine[]> {
    return z.array(menuLineSchema).parse(await this.#command({ do: 'menu' }));
  }

  /**
   * Chooses a line of the menu by the words of the lines that lead to it, as a person does. Rejects where there is none,
   * it cannot be chosen, or the menu has changed meanwhile.
   */
  async choose(...path: readonly string[]): Promise<void> {
    let lines = await this.menu();
    let chosen: MenuLine | undefined;
    for (const label of path) {
      chosen = lines.find((line) => line.label === label);
      if (chosen === undefined || !chosen.enabled) {
        throw new Error(`There is no such line: ${path.join(' > ')}, only ${JSON.stringify(lines)}`);
      }
      lines = chosen.children;
    }
    await this.#command({ do: 'menu-event', id: chosen?.id, kind: 'clicked' });
  }

  /** Clicks on the item itself. */
  async click(): Promise<void> {
    await this.#command({ do: 'activate' });
  }

  stop(): Promise<void> {
    return stopChild(this.#child);
  }

  async #command(command: Command): Promise<unknown> {
    this.#commands += 1;
    const number = this.#commands;
    this.#child.stdin?.write(`${JSON.stringify({ ...command, number })}\n`);
    const answer = await this.#waiting.until(
      () =>
        this.#events.find(
          (event): event is Extract<HostEvent, { number: number }> =>
            'number' in event && event.number === number,
        ),
      ANSWER_LIMIT_MS,
      () => `The tray did not answer ${JSON.stringify(command)}. ${this.#complaint}`,
    );
    if (answer.event === 'failed') throw new Error(`${command.do}: ${answer.why}`);
    return answer.value;
  }
}
