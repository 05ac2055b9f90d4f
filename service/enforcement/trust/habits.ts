import { DAY_MS, HOUR_MS } from '#shared/durations';

/** What a call asks for, as coarse as habits know it. */
export interface RequestKind {
  readonly method: string;
  /** The first part of the path that tells APIs apart; `#` stands for numbers and ids. */
  readonly segment: string;
}

/** Counted calls, which fade with time. */
interface Habit {
  readonly name: string;
  readonly calls: number;
  /** Milliseconds since the epoch of the first call. */
  readonly since: number;
}

/** What a key is used for: counts of the calls that opened a row of the log and were let in by a range. */
export interface KeyHabits {
  /** The time up to which the counts have faded. */
  readonly at: number;
  readonly since: number;
  readonly calls: number;
  readonly methods: readonly Habit[];
  readonly segments: readonly Habit[];
  /** Calls whose segments had no room. */
  readonly others: number;
  /** Calls by hour of the day in UTC. */
  readonly hours: readonly number[];
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Segments that stand in front of every path of many APIs. */
const PREFIX = /^(?:api|rest|v\d+(?:\.\d+)*)$/;
const MAX_PREFIXES = 3;

const MAX_SEGMENT_LENGTH = 32;
const HEX_ID = /^(?=.*\d)[0-9a-f-]{8,}$/;
const MIXED_ID = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{12,}$/;
const PLAIN = /^[a-z0-9._~-]+$/;

/** Segments of a key that are remembered. */
export const MAX_SEGMENTS = 32;

/** Counts fall to the half in this time, so that what a key was once used for is forgotten within months. */
const HALF_LIFE_MS = 30 * DAY_MS;
/** With fewer calls than this nothing is left of a habit. */
const FORGOTTEN = 0.05;

/** Ids are replaced, because each call has others, and because a path can hold a secret. */
function segmentName(segment: string): string {
  const name = segment.toLowerCase();
  const isId = HEX_ID.test(name) || MIXED_ID.test(segment) || name.length > MAX_SEGMENT_LENGTH;
  return isId || !PLAIN.test(name) ? '#' : name.replaceAll(/\d+/g, '#');
}

/** Returns what a call asks for; undefined if its proxy names no method or no path. */
export function requestKindOf(method: string | null, path: string | null): RequestKind | undefined {
  if (method === null || path === null) return undefined;
  const segments = path.split(/[?#]/, 1)[0]?.split('/').filter(Boolean) ?? [];
  const prefixes = segments.slice(0, MAX_PREFIXES).findIndex((text) => !PREFIX.test(text.toLowerCase()));
  const segment = prefixes === -1 ? segments[MAX_PREFIXES] : segments[prefixes];
  const name = method.toUpperCase();
  return {
    method: METHODS.has(name) ? name : 'other',
    segment: segment === undefined ? '' : segmentName(segment),
  };
}

export function requestText({ method, segment }: RequestKind): string {
  return `${method} /${segment}`;
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) % 24;
}

/** Returns the habits of a key that made one call. */
export function habitsOfCall({ method, segment }: RequestKind, at: number): KeyHabits {
  const habit = (name: string): Habit => ({ name, calls: 1, since: at });
  const hour = hourOf(at);
  return {
    at,
    since: at,
    calls: 1,
    methods: [habit(method)],
    segments: [habit(segment)],
    others: 0,
    hours: Array.from({ length: 24 }, (_, index) => (index === hour ? 1 : 0)),
  };
}

/** The share that is left of counts. A clock that was put back brings none back. */
function fadedBy(spanMs: number): number {
  return 2 ** (-Math.max(0, spanMs) / HALF_LIFE_MS);
}

function rounded(calls: number): number {
  return Math.round(calls * 1_000) / 1_000;
}

/** Adds habits of the same name; what is hardly left is forgotten. The most frequent come first. */
function joinNamed(habits: readonly Habit[]): Habit[] {
  const byName = new Map<string, Habit>();
  for (const { name, calls, since } of habits) {
    const other = byName.get(name);
    byName.set(name, {
      name,
      calls: rounded(calls + (other?.calls ?? 0)),
      since: Math.min(since, other?.since ?? since),
    });
  }
  return [...byName.values()]
    .filter(({ calls }) => calls >= FORGOTTEN)
    .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1));
}

/** Returns the habits as they have faded at a time. */
export function fadedHabits(habits: KeyHabits, at: number): KeyHabits {
  const left = fadedBy(at - habits.at);
  const fade = (named: readonly Habit[]): Habit[] =>
    joinNamed(named.map((habit) => ({ ...habit, calls: habit.calls * left })));
  return {
    at: Math.max(at, habits.at),
    since: habits.since,
    calls: rounded(habits.calls * left),
    methods: fade(habits.methods),
    segments: fade(habits.segments),
    others: rounded(habits.others * left),
    hours: habits.hours.map((calls) => rounded(calls * left)),
  };
}

/** Returns both habits of one key together. Beyond {@link MAX_SEGMENTS} the rarest segments are only counted. */
export function joinHabits(one: KeyHabits, other: KeyHabits): KeyHabits {
  const at = Math.max(one.at, other.at);
  const [a, b] = [fadedHabits(one, at), fadedHabits(other, at)];
  const segments = joinNamed([...a.segments, ...b.segments]);
  const dropped = segments.slice(MAX_SEGMENTS).reduce((sum, { calls }) => sum + calls, 0);
  return {
    at,
    since: Math.min(a.since, b.since),
    calls: rounded(a.calls + b.calls),
    methods: joinNamed([...a.methods, ...b.methods]),
    segments: segments.slice(0, MAX_SEGMENTS),
    others: rounded(a.others + b.others + dropped),
    hours: a.hours.map((calls, hour) => rounded(calls + (b.hours[hour] ?? 0))),
  };
}
