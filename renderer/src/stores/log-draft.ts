import type { Reason, Verdict } from '#shared/domain/entities';
import { DAY_MS, HOUR_MS } from '#shared/durations';
import { LOGGED_REASONS } from '../domain/reasons';

/** A time that ends now. */
export const LAST_MS = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
} as const;
export type Last = keyof typeof LAST_MS;
export const LASTS = Object.keys(LAST_MS) as readonly Last[];

/** The fields of the log's filter. */
export interface LogDraft {
  readonly verdict: Verdict | null;
  readonly reason: Reason | null;
  readonly keyId: string | null;
  /** ISO 3166 alpha-2, in capitals; empty for an unknown country. */
  readonly country: string | null;
  /** 0 for an unknown network. */
  readonly network: { readonly asn: number; readonly asName: string | null } | null;
  /** Empty for an unknown method. */
  readonly method: string | null;
  readonly ipText: string;
  readonly text: string;
  /** If this is set, the two below are not. */
  readonly last: Last | null;
  /** Milliseconds since the epoch; the end is not part of it. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export const emptyLogDraft: LogDraft = {
  verdict: null,
  reason: null,
  keyId: null,
  country: null,
  network: null,
  method: null,
  ipText: '',
  text: '',
  last: null,
  fromMs: null,
  toMs: null,
};

export const ANY_TIME = { last: null, fromMs: null, toMs: null } as const;

export const LOG_VIEWS = ['rows', 'address', 'keyId', 'asn', 'map'] as const;
export type LogView = (typeof LOG_VIEWS)[number];

/** The view of the log. As a text it is in the address of the page, and is saved under a name. */
export interface LogPlace {
  readonly logDraft: LogDraft;
  readonly logView: LogView;
}

/** Returns for example `verdict=blocked&last=day`; empty for all rows. */
export function textOfPlace({ logDraft, logView }: LogPlace): string {
  const { network, ...fields } = logDraft;
  const others = {
    asn: network?.asn,
    asName: network?.asName,
    show: logView === 'rows' ? undefined : logView,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...fields, ...others })) {
    const empty: unknown = { ...emptyLogDraft, asName: null }[name];
    if (value !== undefined && value !== empty) query.set(name, String(value));
  }
  return query.toString();
}

/** Reads a place that was saved or is in an address. A part that cannot be read does not filter. */
export function placeOfText(text: string): LogPlace {
  const query = new URLSearchParams(text);
  const oneOf = <T extends string>(name: string, values: readonly T[]): T | null =>
    values.find((value) => value === query.get(name)) ?? null;
  const fitting = (name: string, pattern: RegExp): string | null => {
    const value = query.get(name);
    return value !== null && pattern.test(value) ? value : null;
  };
  const numberOf = (name: string): number | null => {
    const value = fitting(name, /^\d{1,15}$/);
    return value === null ? null : Number(value);
  };
  const asn = numberOf('asn');
  const last = oneOf('last', LASTS);
  return {
    logDraft: {
      verdict: oneOf('verdict', ['allowed', 'blocked']),
      reason: oneOf('reason', LOGGED_REASONS),
      keyId: fitting('keyId', /^[0-9A-HJKMNP-TV-Z]{26}$/),
      country: fitting('country', /^([A-Z]{2})?$/),
      network: asn === null ? null : { asn, asName: query.get('asName') },
      method: fitting('method', /^.{0,100}$/),
      ipText: fitting('ipText', /^.{0,200}$/) ?? '',
      text: fitting('text', /^.{0,200}$/) ?? '',
      ...(last === null
        ? { last, fromMs: numberOf('fromMs'), toMs: numberOf('toMs') }
        : { ...ANY_TIME, last }),
    },
    logView: oneOf('show', LOG_VIEWS) ?? 'rows',
  };
}
