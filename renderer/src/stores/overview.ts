import { create } from 'zustand';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import type { Failure, Outcome } from '#shared/ipc/failure';
import type { GroupField, GroupOrder, LogGroup, LogTimeline } from '#shared/ipc/log';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';
import { remember, remembered } from '../bridge/remembered';
import { type CountryCalls, countryCallsOf } from './country-calls';
import { followRows } from './log-figures';

export const PERIODS = ['hour', 'day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

interface PeriodLength {
  /** Figures begin at a whole one of these, so that the log answers long times from its sums. */
  readonly stepMs: number;
  readonly steps: number;
  /** So many that a bar is a minute, half an hour, two hours or eight. */
  readonly mostBuckets: number;
}

const LENGTHS: Readonly<Record<Period, PeriodLength>> = {
  hour: { stepMs: MINUTE_MS, steps: 60, mostBuckets: 61 },
  day: { stepMs: HOUR_MS, steps: 24, mostBuckets: 49 },
  week: { stepMs: HOUR_MS, steps: 7 * 24, mostBuckets: 85 },
  month: { stepMs: HOUR_MS, steps: 30 * 24, mostBuckets: 91 },
};

/** Returns where the period that ends now begins, in milliseconds since the epoch. */
export function startOf(period: Period, nowMs: number): number {
  const { stepMs, steps } = LENGTHS[period];
  return (Math.floor(nowMs / stepMs) - steps + 1) * stepMs;
}

/** Returns true if the log also has as long a time before, so that what it did not have then is new. */
export function isNewKnown(period: Period, fromMs: number, completeFrom: string | null): boolean {
  const { stepMs, steps } = LENGTHS[period];
  return completeFrom === null || Date.parse(completeFrom) <= fromMs - steps * stepMs;
}

export const RANKED_FIELDS = ['address', 'keyId', 'asn'] as const satisfies readonly GroupField[];
export type RankedField = (typeof RANKED_FIELDS)[number];

/** At most so many groups of a field are shown. */
export const MOST_RANKED = 10;

/** The figures of a period; each is null as long as it is not known. */
export interface OverviewFigures {
  readonly period: Period;
  /** False if nothing was ever called. */
  readonly hasRows: boolean | null;
  readonly timeline: LogTimeline | null;
  readonly countries: readonly CountryCalls[] | null;
  readonly busiest: Readonly<Record<RankedField, readonly LogGroup[] | null>>;
  /** Those of all of the log whose oldest row is the newest. */
  readonly newest: Readonly<Record<RankedField, readonly LogGroup[] | null>>;
  readonly failure: Failure | null;
}

interface Overview {
  readonly period: Period;
  readonly figures: OverviewFigures;
}

const UNKNOWN = { keyId: null, asn: null, address: null } as const;

function nothingOf(period: Period): OverviewFigures {
  return {
    period,
    hasRows: null,
    timeline: null,
    countries: null,
    busiest: UNKNOWN,
    newest: UNKNOWN,
    failure: null,
  };
}

const PERIOD_KEY = 'gatehouse.overviewPeriod';

function initialState(): Overview {
  const kept = remembered(PERIOD_KEY);
  const period = PERIODS.find((one) => one === kept) ?? 'day';
  return { period, figures: nothingOf(period) };
}

export const useOverview = create<Overview>(initialState);

export function choosePeriod(period: Period): void {
  remember(PERIOD_KEY, period);
  useOverview.setState({ period });
}

export function resetOverview(): void {
  useOverview.setState(initialState(), true);
}

/** The more rows a log has, the longer each read takes, so that this is the share of the time for which a thread reads. */
const READING_SHARE = 0.1;
const LEAST_PAUSE_MS = 2 * SECOND_MS;

/** Keeps the figures true while they are shown. Returns a function that stops it. */
export function openOverview(period: Period, fromMs: number): () => void {
  const { setState, getState } = useOverview;
  if (getState().figures.period !== period) setState({ figures: nothingOf(period) });
  let isStopped = false;
  const change = (part: (figures: OverviewFigures) => Partial<OverviewFigures>): void => {
    if (!isStopped) setState(({ figures }) => ({ figures: { ...figures, ...part(figures) } }));
  };
  const take = async <T>(
    reading: Promise<Outcome<T>>,
    partOf: (value: T, figures: OverviewFigures) => Partial<OverviewFigures>,
  ): Promise<Failure | null> => {
    const outcome = await reading;
    if (!outcome.ok) return outcome.failure;
    change((figures) => partOf(outcome.value, figures));
    return null;
  };
  const readings: readonly (() => Promise<Failure | null>)[] = [
    () => take(timelineOf(period, fromMs), (timeline) => ({ timeline })),
    () => take(countryCallsOf({ fromMs }), (countries) => ({ countries })),
    ...RANKED_FIELDS.flatMap((by) => [
      () =>
        take(groupsOf(by, 'calls', { fromMs }), ({ groups }, { busiest }) => ({
          busiest: { ...busiest, [by]: groups },
        })),
      () =>
        take(groupsOf(by, 'first_seen', {}), ({ groups }, { newest }) => ({
          hasRows: groups.length > 0,
          newest: { ...newest, [by]: groups.filter((group) => isNew(group, by, fromMs)) },
        })),
    ]),
  ];
  /** One after the other, because one thread reads: what another screen asks for meanwhile waits for one figure at most. */
  const read = async (): Promise<void> => {
    let failure: Failure | null = null;
    for (const reading of readings) {
      if (isStopped) return;
      failure = (await reading()) ?? failure;
    }
    change(() => ({ failure }));
  };
  const rows = followRows(read, (tookMs) => Math.max(LEAST_PAUSE_MS, tookMs / READING_SHARE));
  return () => {
    isStopped = true;
    rows.stop();
  };
}

/** A network that is not known is none. */
function isNew({ firstAt, newest }: LogGroup, by: RankedField, fromMs: number): boolean {
  return Date.parse(firstAt) >= fromMs && (by !== 'asn' || newest.asn !== null);
}

function timelineOf(period: Period, fromMs: number) {
  const { stepMs, steps, mostBuckets } = LENGTHS[period];
  return settle(() =>
    bridge().calls.log.timeline({
      filter: { fromMs },
      from: new Date(fromMs).toISOString(),
      to: new Date(fromMs + steps * stepMs).toISOString(),
      mostBuckets,
    }),
  );
}

function groupsOf(by: RankedField, order: GroupOrder, filter: { readonly fromMs?: number }) {
  return settle(() => bridge().calls.log.groups({ filter, by, order, offset: 0, limit: MOST_RANKED }));
}
