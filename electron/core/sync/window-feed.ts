import type { Attempt, AuditEvent } from '#shared/domain/entities';
import type { Connection } from '#shared/ipc/connection';
import type { MirrorPatch } from '#shared/ipc/mirror';
import type { Settled } from '#shared/ipc/outbox';
import type { Publisher } from '../ports';

/** The parts that are shown differently; null if everything may be, because another account is shown. */
export type ReplicaChange =
  | (Omit<MirrorPatch, 'version'> & {
      /** Events of the audit trail that were not known before. */
      readonly audit?: readonly AuditEvent[];
    })
  | null;

/** A window renders this many rows without a pause. */
const MOST_ROWS_AN_EVENT = 300;

/** Publishes changes to the windows and to listeners in this process. Each patch has the next version. */
export class WindowFeed {
  readonly #publisher: Publisher;
  readonly #listeners = new Set<(change: ReplicaChange) => void>();
  #version = 1;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  get version(): number {
    return this.#version;
  }

  /** Returns a function that ends the subscription. */
  subscribe(listener: (change: ReplicaChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(patch: Omit<MirrorPatch, 'version'>): void {
    this.#version += 1;
    this.#publisher.publish('mirror', 'patch', { version: this.#version, ...patch });
  }

  tellListeners(change: ReplicaChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Leaves a gap in the versions, so that windows fetch a snapshot instead of patching another account's. */
  showAnother(connection: Connection): void {
    this.#version += 1;
    this.publish({ connection });
    this.tellListeners(null);
  }

  /**
   * Makes windows that showed another account, up to its version, fetch everything of this one. The version leaves a gap behind
   * both accounts' own.
   */
  takeOver(otherVersion: number, connection: Connection): void {
    this.#version = Math.max(this.#version, otherVersion) + 1;
    this.publish({ connection });
    this.outboxChanged();
    this.rowsReplaced();
  }

  outboxChanged(): void {
    this.#publisher.publish('outbox', 'changed', {});
  }

  settled(settled: readonly Settled[]): void {
    this.#publisher.publish('outbox', 'settled', { items: [...settled] });
  }

  /** Publishes new and changed rows of the log and the audit trail, newest first. */
  rows(attempts: readonly Attempt[], events: readonly AuditEvent[]): void {
    for (const items of portions(attempts)) this.#publisher.publish('log', 'changed', { items });
    for (const items of portions(events)) this.#publisher.publish('audit', 'added', { items });
  }

  /** Makes windows load log and trail again, because rows may be gone or in an earlier state. */
  rowsReplaced(): void {
    this.#publisher.publish('log', 'replaced', {});
    this.#publisher.publish('audit', 'replaced', {});
  }
}

function* portions<T extends { readonly id: string }>(rows: readonly T[]): Generator<T[]> {
  const newestFirst = rows.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  for (let start = 0; start < newestFirst.length; start += MOST_ROWS_AN_EVENT) {
    yield newestFirst.slice(start, start + MOST_ROWS_AN_EVENT);
  }
}
