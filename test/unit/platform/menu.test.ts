import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { NamedAccount } from '#electron/core/accounts/accounts';
import { setUpMenu } from '#electron/platform/menu';
import { FakeClock } from '#test/support/console/fake-clock';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';

/** Electron's Menu as far as it is used here. */
const fake = vi.hoisted(() => {
  interface Line {
    readonly label?: string;
    readonly type?: string;
    readonly checked?: boolean;
    readonly accelerator?: string;
    readonly click?: () => void;
    readonly submenu?: readonly Line[];
  }
  class FakeMenu {
    static shown: FakeMenu | undefined;
    static sets = 0;
    readonly listeners = new Map<string, () => void>();
    readonly items: readonly { readonly label: string | undefined; readonly submenu: FakeMenu | undefined }[];
    constructor(readonly lines: readonly Line[]) {
      this.items = lines.map(({ label, submenu }) => ({ label, submenu: submenu && new FakeMenu(submenu) }));
    }
    static buildFromTemplate = (lines: readonly Line[]): FakeMenu => new FakeMenu(lines);
    static setApplicationMenu(menu: FakeMenu): void {
      FakeMenu.shown = menu;
      FakeMenu.sets += 1;
    }
    on(event: string, listener: () => void): void {
      this.listeners.set(event, listener);
    }
  }
  return { Menu: FakeMenu, app: { isPackaged: true } };
});
vi.mock('electron', () => fake);

let named: NamedAccount[];
let shownId: string;
let calls: string[];
let clock: FakeClock;
let tell: () => void;

const start = (): (() => void) =>
  setUpMenu({
    windows: {
      openConsole: (place) => void calls.push(`console ${place ?? ''}`.trim()),
      openApproval: () => undefined,
    },
    accounts: {
      named: () => named,
      show: (id) => void calls.push(`show ${id}`),
      get shown() {
        return { id: shownId } as never;
      },
      subscribe(listener) {
        tell = listener;
        return () => (tell = () => undefined);
      },
    },
    registry: { find: () => undefined },
    clock,
    platform: 'linux',
  });
const accountsMenu = () => {
  const menu = fake.Menu.shown?.items.find(({ label }) => label === 'Accounts')?.submenu;
  if (menu === undefined) throw new Error('There is no menu of the accounts.');
  return menu;
};
const viewItem = (label: string) =>
  fake.Menu.shown?.items
    .find((each) => each.label === 'View')
    ?.submenu?.lines.find((each) => each.label === label);
const labels = (): readonly (string | undefined)[] =>
  accountsMenu().lines.map(({ label, type }) => label ?? type);
const line = (label: string) => accountsMenu().lines.find((each) => each.label?.startsWith(label));
const passTime = (): Promise<void> => {
  clock.advance(1_000);
  return yieldToEventLoop();
};

beforeEach(() => {
  fake.Menu.sets = 0;
  clock = new FakeClock();
  calls = [];
  named = [
    { id: 'a', name: 'Acme', openReviews: 0 },
    { id: 'b', name: 'Bolt & Sons', openReviews: 3 },
  ];
  shownId = 'a';
});

describe('the menu of the accounts', () => {
  it('has each with its count and a key, and marks the shown one', () => {
    start();
    expect(labels()).toEqual(['Acme', 'Bolt && Sons (3 open reviews)', 'separator', 'Add an account…']);
    expect(line('Acme')).toMatchObject({ type: 'radio', checked: true, accelerator: 'CmdOrCtrl+Alt+1' });
    expect(line('Bolt')).toMatchObject({ type: 'radio', checked: false, accelerator: 'CmdOrCtrl+Alt+2' });
  });

  it('shows an account, and leads to where one is added', () => {
    start();
    line('Bolt')?.click?.();
    line('Add')?.click?.();
    expect(calls).toEqual(['show b', 'console', 'console add-account']);
  });

  it('only adds one while none is connected', () => {
    named = [];
    start();
    expect(labels()).toEqual(['Add an account…']);
  });

  it('follows the counts, once a second at most', async () => {
    start();
    for (let count = 1; count <= 50; count += 1) {
      named = [{ id: 'a', name: 'Acme', openReviews: count }];
      tell();
    }
    expect(fake.Menu.sets).toBe(1);
    await passTime();
    expect(labels()[0]).toBe('Acme (50 open reviews)');
    expect(fake.Menu.sets).toBe(2);
    tell();
    await passTime();
    expect(fake.Menu.sets).toBe(2);
  });

  it('does not change while it is open', async () => {
    start();
    accountsMenu().listeners.get('menu-will-show')?.();
    named = [{ id: 'a', name: 'Acme', openReviews: 1 }];
    tell();
    await passTime();
    expect(fake.Menu.sets).toBe(1);
    accountsMenu().listeners.get('menu-will-close')?.();
    await vi.waitFor(() => expect(labels()[0]).toBe('Acme (1 open review)'));
  });

  it('ends with the program', async () => {
    const end = start();
    end();
    named = [];
    tell();
    await passTime();
    expect(fake.Menu.sets).toBe(1);
  });
});

describe('the menu of the view', () => {
  it('leads to the search over everything, with its key', () => {
    start();
    expect(viewItem('Search…')).toMatchObject({ accelerator: 'CmdOrCtrl+K' });
    viewItem('Search…')?.click?.();
    expect(calls).toEqual(['console search']);
  });
});
