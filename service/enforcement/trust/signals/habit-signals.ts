import { tradeOf } from '../hosting-networks';
import { fadedHabits, hourOf, requestText, type KeyHabits, type RequestKind } from '../habits';
import { evidence, type Signal } from '../signal';
import { COUNTS, SHARES, WEIGHTS, WINDOWS_MS } from '../weights';

type Named = KeyHabits['methods'];

/** A habit of some days' standing, because a thief who gets in once would else make his own requests usual. */
function isUsual(named: Named, name: string, calls: number, now: number): boolean {
  const habit = named.find((known) => known.name === name);
  return (
    habit !== undefined &&
    habit.since <= now - WINDOWS_MS.establishedHabit &&
    habit.calls >= calls * SHARES.usualRequest
  );
}

/** The hours beside it count too, because a job that runs at three o'clock may begin a minute earlier. */
function isUsualHour({ hours, calls }: KeyHabits, now: number): boolean {
  const hour = hourOf(now);
  const around = [hour + 23, hour, hour + 1].map((index) => hours[index % 24] ?? 0);
  return around.reduce((sum, some) => sum + some, 0) >= calls * SHARES.usualHour;
}

function isNew({ methods, segments }: KeyHabits, { method, segment }: RequestKind): boolean {
  return !methods.some(({ name }) => name === method) || !segments.some(({ name }) => name === segment);
}

/** A key that is used for a few things, so that another one is news. */
function isStable({ calls, since, segments, others }: KeyHabits, now: number): boolean {
  return (
    calls >= COUNTS.stableHabitCalls &&
    since <= now - WINDOWS_MS.stableHabit &&
    segments.length <= COUNTS.stableHabitSegments &&
    others < 1
  );
}

/** The method, the first part of the path and the hour of the call, compared with what the key is used for. */
export const requestHabits: Signal = ({ habits: stored, request, now, geolocation }) => {
  if (!stored || !request) return undefined;
  const habits = fadedHabits(stored, now);
  const { method, segment } = request;
  const values = { request: requestText(request) };
  if (isNew(habits, request)) {
    return isStable(habits, now)
      ? evidence('request-habits', WEIGHTS.unusualRequest, 'requestNew', {
          ...values,
          span: now - habits.since,
        })
      : undefined;
  }
  const { calls } = habits;
  const isUsualRequest =
    calls >= COUNTS.habitCalls &&
    isUsual(habits.methods, method, calls, now) &&
    isUsual(habits.segments, segment, calls, now) &&
    isUsualHour(habits, now);
  if (!isUsualRequest) return undefined;
  const isHosting = tradeOf(geolocation.asn, geolocation.asName) !== undefined;
  const weight = isHosting ? WEIGHTS.usualRequestFromHosting : WEIGHTS.usualRequest;
  return evidence('request-habits', weight, 'requestUsual', values);
};
