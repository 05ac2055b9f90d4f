import { accountCalls, accountEvents } from './accounts';
import { appCalls, appEvents } from './app';
import { auditCalls, auditEvents } from './audit';
import type { CallGroup, EventGroup } from './call';
import { connectionCalls, welcomeCalls } from './connection';
import { desktopCalls, desktopEvents } from './desktop';
import { logCalls, logEvents } from './log';
import { mirrorCalls, mirrorEvents } from './mirror';
import { networkCalls } from './network';
import { notificationCalls, notificationEvents } from './notifications';
import { outboxCalls, outboxEvents } from './outbox';
import { keyCalls, modeCalls, rangeCalls, reviewCalls } from './policy';
import { simulationCalls } from './simulation';
import { sourceCalls } from './sources';
import { userCalls } from './users';

/**
 * Everything that crosses between the main process and its windows. Main's handlers, the renderer's calls and the test doubles
 * derive from this object, so that a missing or misspelt call does not compile.
 */
export const calls = {
  app: appCalls,
  accounts: accountCalls,
  connection: connectionCalls,
  welcome: welcomeCalls,
  mirror: mirrorCalls,
  log: logCalls,
  audit: auditCalls,
  mode: modeCalls,
  ranges: rangeCalls,
  reviews: reviewCalls,
  outbox: outboxCalls,
  notifications: notificationCalls,
  keys: keyCalls,
  simulation: simulationCalls,
  sources: sourceCalls,
  users: userCalls,
  network: networkCalls,
  desktop: desktopCalls,
} as const satisfies Record<string, CallGroup>;

export const events = {
  mirror: mirrorEvents,
  log: logEvents,
  audit: auditEvents,
  outbox: outboxEvents,
  desktop: desktopEvents,
  notifications: notificationEvents,
  accounts: accountEvents,
  app: appEvents,
} as const satisfies Record<string, EventGroup>;

export type Calls = typeof calls;
export type Events = typeof events;
