import { MAX_IMPORT_RANGES, type ImportNote } from '#shared/api/routes-import';
import { quoted } from '#shared/ip/error';
import { formatCidr, type Cidr } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher';
import type { AccountPolicy } from '../policy/policy';
import type { RangeEntry } from '../readers/document';
import { isoTime, isoTimeOrNull } from '../runtime/clock';
import { outcomeOf, type CoveringList, type KnownOutcome, type LineOutcome } from './import-outcome';
import type { ImportPage } from './import-page';
import { isProblem, KeyNames, wishOf, type LineProblem, type LineWish } from './line-wish';
import type { RouteRequest } from '#shared/api/route-types';

/** The lists that a line is compared with, and the one that it is added to. */
export interface Target {
  readonly lists: readonly CoveringList[];
  readonly now: number;
  /** True if the ids of ranges in `lists` are stored ids. */
  readonly idsAreReal: boolean;
  /** Adds one network of a line, in place of the expired ranges of the same text. Returns its id. */
  add(cidr: Cidr, line: number, wish: LineWish, expired: readonly MatchRange[]): string;
  /** Returns the line of this import that added the range, or undefined if it existed before. */
  lineOf(rangeId: string): number | undefined;
}

function untilWords(expiresAt: number | null): string {
  return expiresAt === null ? '' : `, until ${isoTime(expiresAt)}`;
}

function detailOf({ kind, by }: KnownOutcome, line: number | undefined): string {
  const where = line === undefined ? 'in the list' : `in line ${line}`;
  const until = untilWords(by.expiresAt);
  return kind === 'duplicate'
    ? `It is ${where} already${until}.`
    : `${formatCidr(by.cidr)} ${where} covers it${until}.`;
}

/** The state of one import. */
export class ImportRun {
  /** Ranges added, or that a dry run would add. */
  ranges = 0;
  /** Ids of the ranges that are removed unless a line of this import says them again. */
  readonly leaving: Set<string>;
  readonly #policy: AccountPolicy;
  readonly #options: RouteRequest<'importRanges'>['body'];
  readonly #page: ImportPage;
  readonly #keys: KeyNames;

  /** @param earlier the ranges that go unless a line says them again. */
  constructor(
    policy: AccountPolicy,
    options: RouteRequest<'importRanges'>['body'],
    page: ImportPage,
    earlier: readonly { readonly id: string }[],
  ) {
    this.leaving = new Set(earlier.map(({ id }) => id));
    this.#policy = policy;
    this.#options = options;
    this.#page = page;
    this.#keys = new KeyNames(policy);
  }

  /** Adds the ranges of one line and records its outcome. */
  take(entry: RangeEntry, target: Target): void {
    const { reading } = entry;
    const wish = 'code' in reading ? reading : wishOf(reading, this.#options, this.#keys, target.now);
    if (isProblem(wish)) {
      this.#refuse(entry, wish);
    } else if (this.ranges + wish.cidrs.length > MAX_IMPORT_RANGES) {
      const detail = `An import adds at most ${MAX_IMPORT_RANGES} ranges; import the rest on its own.`;
      this.#refuse(entry, { code: 'limit_reached', detail });
    } else {
      this.#add(entry, wish, target);
    }
  }

  #refuse({ line, text }: RangeEntry, problem: LineProblem): void {
    const nothing = { cidrs: [], label: '', keyId: null, expiresAt: null, rangeIds: [], notes: [] };
    this.#page.take({
      line,
      status: 'invalid',
      isNoted: false,
      networks: 0,
      result: () => ({ line, text, status: 'invalid', effect: 'authorize', ...nothing, ...problem }),
    });
  }

  #add({ line, text }: RangeEntry, wish: LineWish, target: Target): void {
    const outcomes: LineOutcome[] = [];
    const added: string[] = [];
    let isNoted = wish.notes.length > 0;
    let isCovered = false;
    for (const cidr of wish.cidrs) {
      const outcome = outcomeOf(cidr, wish, target.lists, target.now, ({ id }) => this.leaving.has(id));
      outcomes.push(outcome);
      isNoted ||= outcome.voidedBy !== undefined || outcome.opens !== undefined;
      isCovered ||= outcome.kind === 'covered';
      if (outcome.kind === 'duplicate') this.leaving.delete(outcome.by.id);
      if (outcome.kind === 'new') added.push(target.add(cidr, line, wish, outcome.expired));
    }
    this.ranges += added.length;
    const status = added.length > 0 ? 'added' : isCovered ? 'covered' : 'duplicate';
    this.#page.take({
      line,
      status,
      isNoted,
      networks: outcomes.length,
      result: () => {
        const known = outcomes.flatMap((outcome) => (outcome.kind === 'new' ? [] : [outcome]));
        const ids = status === 'added' ? added : known.map(({ by }) => by.id);
        const why = known.find(({ kind }) => kind === status);
        return {
          line,
          text,
          status,
          cidrs: wish.cidrs.map(formatCidr),
          effect: wish.effect,
          label: wish.label,
          keyId: wish.keyId,
          expiresAt: isoTimeOrNull(wish.expiresAt),
          rangeIds: target.idsAreReal ? [...new Set(ids)] : [],
          notes: [...wish.notes, ...this.#denialNotes(outcomes)],
          ...(why !== undefined && { detail: detailOf(why, target.lineOf(why.by.id)) }),
        };
      },
    });
  }

  /** Returns one note for each denial, however many networks of the line it affects. */
  #denialNotes(outcomes: readonly LineOutcome[]): ImportNote[] {
    const notes = new Map<string, ImportNote>();
    for (const { voidedBy, opens } of outcomes) {
      if (voidedBy !== undefined) {
        const withKey = voidedBy.keyId === null ? '' : ' with that key';
        const message = `${this.#denialWords(voidedBy)}, and of two equal ranges the denial decides: the line lets nobody in there${withKey}.`;
        notes.set(voidedBy.id, { code: 'void_by_denial', message, rangeId: voidedBy.id });
      }
      if (opens !== undefined) {
        const message = `${this.#denialWords(opens)}; the line lets its addresses in all the same, because the longest range decides.`;
        notes.set(opens.id, { code: 'opens_denial', message, rangeId: opens.id });
      }
    }
    return [...notes.values()];
  }

  #denialWords({ cidr, keyId, expiresAt }: MatchRange): string {
    const key = keyId === null ? '' : ` for the key ${quoted(this.#policy.keys.get(keyId)?.name ?? keyId)}`;
    return `${formatCidr(cidr)} is denied${key}${untilWords(expiresAt)}`;
  }
}
