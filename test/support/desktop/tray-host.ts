import { z } from 'zod';

import { Conversation } from './conversation';

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

/** The tray of a test desktop. It also acts as the person who uses it, and is absent until `appear`. */
export class TrayHost {
  readonly #conversation: Conversation<HostEvent>;
  #commands = 0;

  private constructor(conversation: Conversation<HostEvent>) {
    this.#conversation = conversation;
  }

  /** Starts the program on a bus, without a tray. */
  static async start(env: NodeJS.ProcessEnv): Promise<TrayHost> {
    return new TrayHost(
      await Conversation.begin({ name: 'The tray', script: 'tray-host.py', env, eventSchema }),
    );
  }

  async appear(): Promise<void> {
    await this.#command({ do: 'appear' });
  }

  /** Removes the tray, as when the panel crashes or an extension is switched off. */
  async vanish(): Promise<void> {
    await this.#command({ do: 'vanish' });
  }

  /** Keeps the watcher, with or without a panel that shows its items. */
  async setHost(shown: boolean): Promise<void> {
    await this.#command({ do: 'host', shown });
  }

  /** Returns the number of items in the tray. */
  get items(): number {
    const items = new Set<string>();
    for (const event of this.#conversation.events) {
      if (event.event === 'registered') items.add(event.item);
      if (event.event === 'unregistered') items.delete(event.item);
    }
    return items.size;
  }

  /** Returns how often the item has reported this change: `menu`, `NewIcon`, `NewToolTip`. */
  changes(what: string): number {
    return this.#conversation.events.filter((event) => event.event === 'changed' && event.what === what)
      .length;
  }

  async waitForItems(count: number, deadlineMs: number): Promise<void> {
    await this.#conversation.until(
      () => (this.items === count ? true : undefined),
      deadlineMs,
      () => `There were ${this.items} items in the tray after ${deadlineMs} ms, not ${count}`,
    );
  }

  /** Returns the properties of the item. There must be one. */
  async item(): Promise<TrayItem> {
    return itemSchema.parse(await this.#command({ do: 'properties' }));
  }

  /** Returns the item's menu as it would be drawn now. */
  async menu(): Promise<readonly MenuLine[]> {
    return z.array(menuLineSchema).parse(await this.#command({ do: 'menu' }));
  }

  /**
   * Chooses a line of the menu by the labels of the lines that lead to it. Rejects if it does not exist, is disabled, or
   * the menu has changed meanwhile.
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
    return this.#conversation.stop();
  }

  async #command(command: Command): Promise<unknown> {
    this.#commands += 1;
    const number = this.#commands;
    const answer = await this.#conversation.ask(
      { ...command, number },
      (event): event is Extract<HostEvent, { number: number }> =>
        'number' in event && event.number === number,
    );
    if (answer.event === 'failed') throw new Error(`${command.do}: ${answer.why}`);
    return answer.value;
  }
}
