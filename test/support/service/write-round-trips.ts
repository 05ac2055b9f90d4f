import { WRITE_LOCK } from '#service/storage/postgres-transaction';
import type { TcpProxy } from './tcp-proxy';

/** As the driver ends it; BEGIN names the level READ COMMITTED. */
const COMMIT = 'COMMIT\0';

/** A write transaction that has begun. */
interface OpenWrite {
  roundTrips: number;
  isAnswered: boolean;
  hasRows: boolean;
}

/**
 * Returns a list that grows with each write of new rows of the log that commits through the proxy: its round trips, from BEGIN to
 * COMMIT. Statements that are sent before an answer to one of them share a round trip.
 */
export function watchFirstSeenWrites(proxy: TcpProxy): number[] {
  const done: number[] = [];
  const writes = new Map<number, OpenWrite>();
  proxy.watch((from, chunk, connection) => {
    if (from === 'client' && chunk.includes(WRITE_LOCK)) {
      writes.set(connection, { roundTrips: 0, isAnswered: true, hasRows: false });
    }
    const write = writes.get(connection);
    if (write === undefined) return;
    if (from === 'client' && write.isAnswered) write.roundTrips += 1;
    write.isAnswered = from === 'server';
    if (from === 'server') return;
    write.hasRows ||= chunk.includes('insert into "attempts"');
    if (!chunk.includes(COMMIT)) return;
    if (write.hasRows) done.push(write.roundTrips);
    writes.delete(connection);
  });
  return done;
}
