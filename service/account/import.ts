import type { ImportResult } from '#shared/api/routes-policy';
import { MAX_IMPORT_LINES, MAX_IMPORT_RANGES } from '#shared/api/routes-policy';
import type { RouteRequest, RouteResponse } from '#shared/api/route-types';
import { formatCidr, type Cidr } from '#shared/ip/index';
import { createBreather, othersFirst } from '../breather';
import { isoTime } from '../clock';
import { RangeMatcher } from '../enforcement/matcher';
import type { MatchRange } from '../enforcement/matcher/match-range';
import type { Author, ServiceContext } from './context';
import { fateOf, type Fate } from './import-fate';
import {
  readImportLines,
  splitLines,
  type ImportLine,
  type LineProblem,
  type LineWish,
} from './import-lines';
import type { AccountPolicy } from './policy';
import { writeAudited, writePolicy, type PolicyWrite } from './policy-write';
import { deleteRange, insertRanges, type NewRange } from './range-edits';
import { Refusal } from './refusal';
import { settleStandingReviewsBy } from './settle-reviews';

/** How much goes into one transaction: first sights of addresses wait for it, and a crash loses no more. */
const LINES_PER_WRITE = 100;
const RANGES_PER_WRITE = 100;

/** Adds one network; answers the range that stands for it from then on. */
type Add = (cidr: Cidr, wish: LineWish, fate: Fate & { kind: 'new' }) => Promise<MatchRange>;

/** The lists that a line is compared with, and how to add to them. */
interface Target {
  readonly lists: readonly RangeMatcher[];
  readonly now: number;
  readonly add: Add;
  /** Whether the ids of ranges in `lists` are real. */
  readonly idsAreReal: boolean;
}

const problemOf = ({ line, text }: ImportLine, { code, detail }: LineProblem): ImportResult => ({
  line,
  text,
  status: 'invalid',
  cidrs: [],
  rangeIds: [],
  code,
  detail,
});

/** One import: what was asked, and what has become of it so far. */
class ImportRun {
  readonly results: ImportResult[] = [];
  /** Ranges added, or that would be. */
  ranges = 0;
  /** From which line the ranges of this import come. */
  readonly #lineOf = new Map<string, number>();

  /** Takes one line to its end: the ranges it adds, and its result. */
  async take(source: ImportLine, target: Target): Promise<void> {
    this.results.push(await this.#resultOf(source, target));
  }

  counts(): Omit<RouteResponse<'importRanges'>, 'results'> {
    const counts = { added: 0, duplicate: 0, covered: 0, invalid: 0 };
    for (const { status } of this.results) counts[status] += 1;
    return counts;
  }

  async #resultOf(source: ImportLine, target: Target): Promise<ImportResult> {
    const { line, text, wish } = source;
    if ('code' in wish) return problemOf(source, wish);
    const { expiresAt } = wish;
    if (expiresAt !== null && expiresAt <= target.now) {
      return problemOf(source, { code: 'invalid_expiry', detail: 'expiresAt: must be in the future.' });
    }
    if (this.ranges + wish.cidrs.length > MAX_IMPORT_RANGES) {
      const detail = `An import adds at most ${MAX_IMPORT_RANGES} ranges; import the rest on its own.`;
      return problemOf(source, { code: 'limit_reached', detail });
    }
    const added: MatchRange[] = [];
    const known: { kind: 'duplicate' | 'covered'; by: MatchRange }[] = [];
    for (const cidr of wish.cidrs) {
      const fate = fateOf(cidr, expiresAt, target.lists, target.now);
      if (fate.kind !== 'new') {
        known.push(fate);
        continue;
      }
      const range = await target.add(cidr, wish, fate);
      this.#lineOf.set(range.id, line);
      added.push(range);
    }
    this.ranges += added.length;
    const cidrs = wish.cidrs.map(formatCidr);
    const idsOf = (ranges: readonly MatchRange[]): string[] =>
      target.idsAreReal ? [...new Set(ranges.map(({ id }) => id))] : [];
    if (added.length > 0) return { line, text, status: 'added', cidrs, rangeIds: idsOf(added) };
    const covered = known.find(({ kind }) => kind === 'covered');
    return {
      line,
      text,
      status: covered === undefined ? 'duplicate' : 'covered',
      cidrs,
      rangeIds: idsOf(known.map(({ by }) => by)),
      detail: this.#detailOf(covered?.by, known),
    };
  }

  #detailOf(covering: MatchRange | undefined, known: readonly { by: MatchRange }[]): string {
    const by = covering ?? known[0]?.by;
    const line = by === undefined ? undefined : this.#lineOf.get(by.id);
    const where = line === undefined ? 'in the list' : `in line ${line}`;
    const endsAt = by?.expiresAt ?? null;
    const until = endsAt === null ? '' : `, until ${isoTime(endsAt)}`;
    return covering === undefined
      ? `It is ${where} already${until}.`
      : `${formatCidr(covering.cidr)} ${where} covers it${until}.`;
  }
}

/** What would happen, on a list of its own beside the account's. */
const rehearse = async (
  run: ImportRun,
  lines: Iterable<ImportLine>,
  policy: AccountPolicy,
  now: number,
  signal: AbortSignal,
): Promise<void> => {
  const breathe = createBreather();
  const wouldBe = new RangeMatcher();
  const target: Target = {
    lists: [policy.ranges, wouldBe],
    now,
    idsAreReal: false,
    add: (cidr, { expiresAt }) => {
      const id = `would-be-${wouldBe.size}`;
      const range: MatchRange = { id, cidr, effect: 'authorize', keyId: null, expiresAt };
      wouldBe.set(range);
      return Promise.resolve(range);
    },
  };
  for (const line of lines) {
    if (signal.aborted) return;
    await run.take(line, target);
    await breathe();
  }
};

/** Takes an expired range out of the way of one with the same text. */
const makeRoom = async (write: PolicyWrite, expired: MatchRange | undefined): Promise<void> => {
  const row = expired && (await write.tx.ranges.get(write.policy.id, expired.id));
  if (row !== undefined) await deleteRange(write, row);
};

/** Adds the ranges of a few lines in one transaction. Until it is committed, memory does not hold them: `fresh` does. */
const addSome = async (write: PolicyWrite, run: ImportRun, lines: Iterator<ImportLine>): Promise<boolean> => {
  const fresh = new RangeMatcher();
  const added: NewRange[] = [];
  const target: Target = {
    lists: [write.policy.ranges, fresh],
    now: write.now,
    idsAreReal: true,
    add: async (cidr, { label, expiresAt }, { expired }) => {
      await makeRoom(write, expired);
      const id = write.newId();
      const range: MatchRange = { id, cidr, effect: 'authorize', keyId: null, expiresAt };
      fresh.set(range);
      const createdBy = write.author.actor.name;
      added.push({ ...range, id, label, source: 'import', createdBy });
      return range;
    },
  };
  let done = false;
  for (let taken = 0; taken < LINES_PER_WRITE && added.length < RANGES_PER_WRITE; taken += 1) {
    const next = lines.next();
    if (next.done === true) {
      done = true;
      break;
    }
    await run.take(next.value, target);
    await write.breathe();
  }
  await settleStandingReviewsBy(write, await insertRanges(write, added));
  return done;
};

/**
 * Authorizes the ranges of a text, line by line, for all keys. It is not all or nothing: bad lines never stop good ones,
 * and the lines reach the list some hundred at a time, so that calls are answered meanwhile; an import that is cut short
 * has added those up to then, and may simply be sent again. Each range has its event in the audit trail, the import as a
 * whole one more.
 *
 * @param signal ends the import early when its caller has gone away.
 * @throws Refusal `limit_reached` naming `text`, before anything is added.
 */
export const importRanges = async (
  context: ServiceContext,
  author: Author,
  { text, dryRun }: RouteRequest<'importRanges'>['body'],
  signal: AbortSignal,
): Promise<RouteResponse<'importRanges'>> => {
  const texts = splitLines(text);
  if (texts.length > MAX_IMPORT_LINES) {
    throw new Refusal(
      'limit_reached',
      `text: has ${texts.length} lines, more than ${MAX_IMPORT_LINES}; import it in parts.`,
      { field: 'text' },
    );
  }
  const run = new ImportRun();
  const lines = readImportLines(texts);
  if (dryRun) {
    const policy = context.directory.account(author.accountId);
    await rehearse(run, lines, policy, context.clock.now(), signal);
    return { ...run.counts(), results: run.results };
  }
  let done = false;
  while (!done && !signal.aborted) {
    done = await writePolicy(context, author, (write) => addSome(write, run, lines));
    // First sights of addresses that came meanwhile are written before the next lines.
    await othersFirst();
  }
  const counts = run.counts();
  if (run.ranges > 0) {
    const after = { lines: texts.length, ranges: run.ranges, ...counts, complete: !signal.aborted };
    await writeAudited(context, author, (write) =>
      write.audit({ action: 'ranges.import', target: author.accountId, before: null, after }),
    );
  }
  return { ...counts, results: run.results };
};
