import type { Calls, Events } from './contract';

/**
 * The names of the contract without its schemas, for the preload: a sandboxed script that starts with every window and
 * need not carry a validator. A name that is missing here, or one too many, does not compile.
 */
type NamesOf<T> = { readonly [G in keyof T]: { readonly [N in keyof T[G]]: true } };

export const callNames: NamesOf<Calls> = {
  app: {
    bootstrap: true,
    copyText: true,
    dismissNotice: true,
    showScreen: true,
    closeWindow: true,
    openApproval: true,
  },
  connection: {
    useEmbedded: true,
    connect: true,
    allowPlain: true,
    retry: true,
    keepToken: true,
    forget: true,
  },
  welcome: { get: true, dismiss: true },
  mirror: { snapshot: true },
  log: { page: true, kept: true, keep: true },
  audit: { page: true },
  mode: { set: true },
  ranges: { add: true, update: true, remove: true, import: true },
  reviews: { authorize: true, deny: true, undo: true },
  outbox: { list: true, undo: true, resolve: true, confirm: true, adopt: true, discard: true },
  notifications: { state: true, change: true, muteKey: true, snooze: true, wake: true, test: true },
  keys: { create: true, rotate: true, revoke: true },
  network: { state: true, change: true, chooseFile: true },
  desktop: { state: true, change: true },
};

export const eventNames: NamesOf<Events> = {
  mirror: { patch: true },
  log: { changed: true, replaced: true },
  audit: { added: true, replaced: true },
  outbox: { settled: true, changed: true },
  desktop: { changed: true },
  notifications: { changed: true },
  app: { notices: true, navigate: true, showReview: true },
};

/** The channel on which a call or an event travels. */
export const channelOf = (group: string, name: string): string => `gatehouse:${group}:${name}`;
