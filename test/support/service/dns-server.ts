import { createSocket } from 'node:dgram';
import { parseAddress } from '#shared/ip/index';

/** A DNS server on loopback that knows what a test tells it. */
export interface DnsServer {
  /** `host:port`, as Node's resolver takes it. */
  readonly address: string;
  /** Answers with these addresses from now on. */
  answer(name: string, addresses: readonly string[], ttlSeconds: number): void;
  /** Answers with an error from now on, for one family or both. */
  refuse(name: string, error: 'NXDOMAIN' | 'SERVFAIL', type?: 'A' | 'AAAA'): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };
const CODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

interface Zone {
  addresses: readonly string[];
  ttlSeconds: number;
  readonly errors: Partial<Record<'A' | 'AAAA', keyof typeof CODES>>;
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function bytesOf(address: string): Buffer {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new Error(`${address} is no address`);
  const { family, value } = parsed.address;
  return Buffer.from(value.toString(16).padStart(family === 4 ? 8 : 32, '0'), 'hex');
}

function answerTo(query: Buffer, zones: ReadonlyMap<string, Zone>): Buffer {
  const { name, end } = readName(query);
  const type = TYPES[query.readUInt16BE(end)];
  const zone = zones.get(name);
  const error = zone === undefined ? 'NXDOMAIN' : type && zone.errors[type];
  const wanted = error !== undefined || zone === undefined ? [] : zone.addresses;
  const data = wanted.map(bytesOf).filter((bytes) => bytes.length === (type === 'A' ? 4 : 16));
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response, with recursion desired and available.
  header.writeUInt16BE(0x8180 | CODES[error ?? 'NOERROR'], 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data.length, 6);
  const records = data.map((bytes) => {
    const record = Buffer.alloc(12);
    // The name is the one of the question.
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type === 'A' ? 1 : 28, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(zone?.ttlSeconds ?? 0, 6);
    record.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([header, query.subarray(12, end + 4), ...records]);
}

export async function startDnsServer(): Promise<DnsServer> {
  const zones = new Map<string, Zone>();
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query, zones), port, address));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    answer: (name, addresses, ttlSeconds) => void zones.set(name, { addresses, ttlSeconds, errors: {} }),
    refuse: (name, error, type) => {
      const { addresses = [], ttlSeconds = 60 } = zones.get(name) ?? {};
      const errors = type === undefined ? { A: error, AAAA: error } : { [type]: error };
      zones.set(name, { addresses, ttlSeconds, errors });
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
