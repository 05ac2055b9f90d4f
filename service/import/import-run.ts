import { MAX_IMPORT_RANGES } from '#shared/api/routes-import';
import { AddressSum, formatCidr, type Cidr } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher';
import type { AccountPolicy } from '../policy/policy';
import type { RangeEntry } from '../readers/document';
import { isoTimeOrNull } from '../runtime/clock';
import {
  listOutcomeOf,
  type CoveringList,
  type KnownOutcome,
  type ListOutcome,
} from '../policy/list-outcome';
import { denialNotes, untilWords } from '../policy/range-notes';
import type { ImportPage } from './import-page';
import { isProblem, KeyNames, requestOf, type LineProblem, type LineRequest } from './line-request';
import type { RouteRequest } from '#shared/api/route-types';

/** The lists that a line is compared with, and the one that it is added to. */
export interface Target {
  readonly lists: readonly CoveringList[];
  readonly now: number;
  /** True if the ids of ranges in `lists` are stored ids. */
  readonly idsAreReal: boolean;
  /** Adds one network of a line, in place of the expired ranges of the same text. Returns its id. */
  add(cidr: Cidr, line: number, request: LineRequest, expired: readonly MatchRange[]): string;
  /** Returns the line of this import that added the range, or undefined if it existed before. */
  lineOf(rangeId: string): number | undefined;
}

function detailOf({ kind, by }: KnownOutcome, line: number | undefined): string {
  const where = line === undefined ? 'in the list' : `in line ${line}`;
  const until = untilWords(by.expiresAt);
  return kind === 'duplicate'
    ? `It is ${where} already${until}.`
    : `${formatCidr(by.cidr)} ${where} covers it${until}.`;
}

const TOO_WIDE_TOGETHER: LineProblem = {
  code: 'too_wide',
  detail:
    'cidr: lets in, with the lines above, more than a /8 (IPv4) or /24 (IPv6) in all, which an import does only with allowWide.',
};

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
  /** What it lets in that the list did not let in. */
  readonly #letIn = new AddressSum();

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
    const request = 'code' in reading ? reading : requestOf(reading, this.#options, this.#keys, target.now);
    if (isProblem(request)) {
      this.#refuse(entry, request);
    } else if (this.ranges + request.cidrs.length > MAX_IMPORT_RANGES) {
      const detail = `An import adds at most ${MAX_IMPORT_RANGES} ranges; import the rest on its own.`;
      this.#refuse(entry, { code: 'limit_reached', detail });
    } else {
      this.#add(entry, request, target);
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

  #add(entry: RangeEntry, request: LineRequest, target: Target): void {
    const { line, text } = entry;
    const compared = request.cidrs.map((cidr): readonly [Cidr, ListOutcome] => [
      cidr,
      listOutcomeOf(cidr, request, target.lists, target.now, ({ id }) => this.leaving.has(id)),
    ]);
    const isLimited = request.effect === 'authorize' && !this.#options.allowWide;
    const fresh = compared.flatMap(([cidr, { kind }]) => (kind === 'new' ? [cidr] : []));
    if (isLimited && !this.#letIn.take(fresh)) {
      this.#refuse(entry, TOO_WIDE_TOGETHER);
      return;
    }
    const outcomes = compared.map(([, outcome]) => outcome);
    const added: string[] = [];
    let isNoted = request.notes.length > 0;
    let isCovered = false;
    for (const [cidr, outcome] of compared) {
      isNoted ||= outcome.voidedBy !== undefined || outcome.opens !== undefined;
      isCovered ||= outcome.kind === 'covered';
      if (outcome.kind === 'duplicate') this.leaving.delete(outcome.by.id);
      if (outcome.kind === 'new') added.push(target.add(cidr, line, request, outcome.expired));
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
          cidrs: request.cidrs.map(formatCidr),
          effect: request.effect,
          label: request.label,
          keyId: request.keyId,
          expiresAt: isoTimeOrNull(request.expiresAt),
          rangeIds: target.idsAreReal ? [...new Set(ids)] : [],
          notes: [...request.notes, ...denialNotes(this.#policy, outcomes)],
          ...(why !== undefined && { detail: detailOf(why, target.lineOf(why.by.id)) }),
        };
      },
    });
  }
}
