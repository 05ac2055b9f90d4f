import { formatCidr } from '#shared/ip/index';
import type { EntryFields, ReadingOptions } from '../document';
import { labelNotes, labelProblem, madeLabel, readEffect, readExpiry, rolesOf } from '../fields';
import type { Reading } from '../line-reader';
import { explainRange, isRange, readRangeCell } from '../range-text';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A range of a structure with what the structure says of it. */
export interface JsonRecord {
  readonly text: string;
  readonly label?: string;
  readonly effect?: string;
  readonly key?: string;
  readonly expiry?: string;
  readonly attributes?: EntryFields['attributes'];
}

/** Deeper than any list. */
const MAX_DEPTH = 64;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textAt(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function listAt(object: JsonObject, name: string): readonly unknown[] {
  const value = object[name];
  return Array.isArray(value) ? value : [];
}

export function objectsAt(object: JsonObject, name: string): readonly JsonObject[] {
  return listAt(object, name).filter(isObject);
}

/** Makes the records of texts that a publisher lists with some attributes, which are their label. */
export function* recordsOf(
  texts: readonly unknown[],
  attributes: Readonly<Record<string, string>>,
  ownLabel?: string,
): Generator<JsonRecord> {
  const known: Record<string, string> = {};
  const words: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value === '') continue;
    known[name] = value;
    if (!words.includes(value)) words.push(value);
  }
  const label = ownLabel ?? words.join(' ');
  for (const text of texts) if (typeof text === 'string') yield { text, label, attributes: known };
}

function meaningOf(text: string): string {
  const parsed = readRangeCell(text);
  return parsed.ok ? parsed.cidrs.map(formatCidr).join() : text;
}

/** Yields the ranges that the named fields of an object hold. */
function* namedRecords(object: JsonObject, label: string): Generator<JsonRecord> {
  const names = Object.keys(object).filter((name) => textAt(object, name) !== '');
  const roles = rolesOf(names);
  const at = (index: number | undefined): string =>
    index === undefined ? '' : textAt(object, names[index] ?? '');
  const fields = { label, effect: at(roles.effect), key: at(roles.key), expiry: at(roles.expiresAt) };
  const seen = new Set<string>();
  for (const name of names) {
    if (rolesOf([name]).range === undefined || typeof object[name] !== 'string') continue;
    let text = textAt(object, name);
    const isAddress = !/[/*-]/.test(text);
    if (isAddress && roles.last !== undefined) text = `${text}-${at(roles.last)}`;
    else if (isAddress && roles.length !== undefined) text = `${text}/${at(roles.length).replace('/', '')}`;
    const meaning = meaningOf(text);
    if (seen.has(meaning)) continue;
    seen.add(meaning);
    yield { text, ...fields };
  }
}

/** Yields the ranges of any structure: in fields that are named so, in lists of texts, in other texts, in names of fields. */
export function* anyRecords(value: unknown, outerLabel = '', depth = 0): Generator<JsonRecord> {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') {
    if (isRange(value)) yield { text: value, label: outerLabel };
  } else if (Array.isArray(value)) {
    // Beside ranges, a text that is none is a slip.
    const hasRanges = value.some((item) => typeof item === 'string' && isRange(item));
    for (const item of value as readonly unknown[]) {
      if (typeof item === 'string' && hasRanges) yield { text: item, label: outerLabel };
      else yield* anyRecords(item, outerLabel, depth + 1);
    }
  } else if (isObject(value)) {
    const labelName = Object.keys(value)[rolesOf(Object.keys(value)).label ?? -1] ?? '';
    const label = textAt(value, labelName) || outerLabel;
    const named = [...namedRecords(value, label)];
    yield* named;
    for (const [name, item] of Object.entries(value)) {
      if (isRange(name)) yield { text: name, label: typeof item === 'string' ? item : label };
      else if (typeof item !== 'string' || (named.length === 0 && !/version/i.test(name))) {
        yield* anyRecords(item, label, depth + 1);
      }
    }
  }
}

export function readRecord(record: JsonRecord, { onlyRanges = false }: ReadingOptions): Reading {
  const parsed = readRangeCell(record.text);
  if (!parsed.ok) return explainRange(record.text, parsed.error);
  const { attributes, key } = record;
  const { cidrs, notes } = parsed;
  const effect = readEffect(record.effect ?? '');
  if (typeof effect === 'object') return effect;
  if (onlyRanges) return { cidrs, label: '', effect, attributes, notes };
  const label = attributes === undefined ? (record.label ?? '') : madeLabel(record.label ?? '');
  const expiresAtMs = readExpiry(record.expiry ?? '');
  if (typeof expiresAtMs === 'object') return expiresAtMs;
  return (
    labelProblem(label) ?? {
      cidrs,
      label,
      effect,
      key: key === '' ? undefined : key,
      expiresAtMs,
      attributes,
      notes: [...notes, ...labelNotes(label)],
    }
  );
}
