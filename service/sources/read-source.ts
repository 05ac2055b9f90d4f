import { MAX_SOURCE_RANGES } from '#shared/api/routes-sources';
import { sentence } from '#shared/domain/sentence';
import { SECOND_MS } from '#shared/durations';
import type { SourceSubject } from '#shared/domain/source-spec';
import { widthOf } from '#shared/domain/source-width';
import { AddressSum, formatCidr, isTooWide, type Cidr } from '#shared/ip/index';
import { decodeText } from '../readers/decode-text';
import { entriesOf, readRanges } from '../readers/read-ranges';
import { isProblem } from '../readers/document';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import type { SourceRow } from '../storage/repositories/sources';
import type { ListFetcher } from './fetch-list';
import type { NameResolver } from './name-resolver';
import { choiceOf, listsOf, type Choice } from './presets';
import { SourceFailure } from './source-failure';
import type { SourceState } from './source-state';

/** The present yield of a source. */
export interface Yield {
  /** Canonical networks; `same` if the server says that the list has not changed. */
  readonly networks: ReadonlySet<string> | 'same';
  readonly state: Pick<SourceState, 'validators' | 'seenAt'>;
  /** Milliseconds after which the answer is out of date; undefined if the answer does not say. */
  readonly holdsForMs?: number;
}

export interface Reading {
  readonly fetchList: ListFetcher;
  readonly resolveName: NameResolver;
  readonly now: number;
  readonly signal: AbortSignal;
}

const MAX_LIST_BYTES = 32 * 1024 * 1024;
/** Of the entries of a list this share may be unreadable. Beyond it the text is probably something else. */
const MAX_UNREADABLE_SHARE = 0.1;

/** The networks of a source, as far as its lists have been read. */
class Networks {
  readonly cidrs = new Set<string>();
  readonly #mayBeWide: boolean;
  /** Undefined where it may be any number: in lists that deny, and in whole clouds, of which whoever adds them is told. */
  readonly #letIn: AddressSum | undefined;

  constructor(subject: SourceSubject, { effect, allow_wide }: Pick<SourceRow, 'effect' | 'allow_wide'>) {
    this.#mayBeWide = allow_wide === 1;
    const isLimited = effect === 'authorize' && !this.#mayBeWide && widthOf(subject, effect) === undefined;
    this.#letIn = isLimited ? new AddressSum() : undefined;
  }

  /** @throws SourceFailure if it has to be allowed. */
  add(cidr: Cidr): void {
    const text = formatCidr(cidr);
    if (this.cidrs.has(text)) return;
    if (!this.#mayBeWide && isTooWide([cidr])) {
      throw new SourceFailure(sentence('listTooWide', { cidr: text }), 'too_wide');
    }
    if (this.#letIn?.take([cidr]) === false) {
      throw new SourceFailure(sentence('listTooWideInAll'), 'too_wide');
    }
    this.cidrs.add(text);
    if (this.cidrs.size > MAX_SOURCE_RANGES) {
      throw new SourceFailure(sentence('listTooLong', { limit: MAX_SOURCE_RANGES }));
    }
  }
}

/** Reads one list. @throws SourceFailure */
async function readList(
  body: Buffer,
  choice: Choice,
  { now }: Reading,
  networks: Networks,
  effect: SourceRow['effect'],
): Promise<void> {
  const text = await decodeText(body, MAX_LIST_BYTES);
  if (typeof text !== 'string') throw new SourceFailure(sentence('listRefused', text.refused));
  const document = readRanges(text, { nowMs: now, onlyRanges: true });
  if ('refused' in document) throw new SourceFailure(sentence('listRefused', document.refused));
  if (choice.formats?.includes(document.format) === false) {
    const expected = choice.formats.join(' or ');
    throw new SourceFailure(sentence('listOtherFormat', { format: document.format, expected }));
  }
  let entries = 0;
  let unreadable: string | undefined;
  let unreadables = 0;
  for (const { line, reading } of entriesOf(document)) {
    await yieldToEventLoop();
    entries += 1;
    if (isProblem(reading)) {
      unreadables += 1;
      unreadable ??= `${document.unit} ${line}: ${reading.detail}`;
      continue;
    }
    // Rules of a server deny as well as allow: whom the list denies, the source must not let in.
    if (reading.effect !== undefined && reading.effect !== effect) continue;
    if (!choice.takes(reading.attributes ?? {})) continue;
    for (const cidr of reading.cidrs) networks.add(cidr);
  }
  if (unreadables > entries * MAX_UNREADABLE_SHARE) {
    throw new SourceFailure(sentence('listUnreadable', { first: unreadable ?? '' }));
  }
}

/** Fetches the lists of a source, or finds that none has changed. @throws SourceFailure */
async function readLists(
  subject: Extract<SourceSubject, { kind: 'url' | 'preset' }>,
  row: SourceRow,
  state: SourceState,
  reading: Reading,
): Promise<Yield> {
  const { fetchList, signal } = reading;
  const urls = await listsOf(subject, fetchList, signal);
  const answers = [];
  for (const url of urls) answers.push(await fetchList(url, state.validators[url] ?? {}, signal));
  if (answers.every(({ kind }) => kind === 'unchanged')) {
    return { networks: 'same', state: { validators: state.validators, seenAt: {} } };
  }
  const networks = new Networks(subject, row);
  const validators: SourceState['validators'] = {};
  const choice = choiceOf(subject);
  for (const [index, url] of urls.entries()) {
    const known = answers[index];
    // One of several lists has changed, so that all are needed.
    const answer = known?.kind === 'changed' ? known : await fetchList(url, {}, signal);
    if (answer.kind !== 'changed') throw new SourceFailure(sentence('listMissing', { url }));
    validators[url] = answer.validators;
    await readList(answer.body, choice, reading, networks, row.effect);
  }
  return { networks: networks.cidrs, state: { validators, seenAt: {} } };
}

/** Asks for the addresses of a name, and keeps earlier ones as long as the source says. @throws SourceFailure */
async function readName(
  { spec: { name, overlapSeconds } }: Extract<SourceSubject, { kind: 'dns' }>,
  state: SourceState,
  { resolveName, now }: Reading,
): Promise<Yield> {
  const { cidrs, ttlSeconds } = await resolveName(name);
  const overlapMs = overlapSeconds * SECOND_MS;
  const earlier = Object.entries(state.seenAt).filter(([, at]) => at + overlapMs > now);
  const seenAt = Object.fromEntries([...earlier, ...cidrs.map((cidr) => [cidr, now] as const)]);
  const ends = Object.values(seenAt)
    .filter((at) => at < now)
    .map((at) => at + overlapMs - now);
  return {
    networks: new Set(Object.keys(seenAt)),
    state: { validators: {}, seenAt },
    holdsForMs: Math.min(ttlSeconds * SECOND_MS, ...ends),
  };
}

/** Reads what a source yields now. @throws SourceFailure if nothing can be taken. */
export async function readSource(
  subject: SourceSubject,
  row: SourceRow,
  state: SourceState,
  reading: Reading,
): Promise<Yield> {
  switch (subject.kind) {
    case 'dns':
      return readName(subject, state, reading);
    case 'url':
    case 'preset':
      return readLists(subject, row, state, reading);
    case 'asn':
    case 'country':
      // Their addresses are not in the list.
      return { networks: new Set(), state: { validators: {}, seenAt: {} } };
  }
}
