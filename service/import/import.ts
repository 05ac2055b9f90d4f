import { MAX_IMPORT_RANGES, type ImportNote } from '#shared/api/routes-policy';
import type { RouteRequest, RouteResponse } from '#shared/api/route-types';
import { newRange } from '#shared/domain/change-ranges';
import type { Range } from '#shared/domain/entities';
import { quoted } from '#shared/ip/error';
import { formatCidr, type Cidr } from '#shared/ip/index';
import { isoTime, isoTimeOrNull } from '../runtime/clock';
import { RangeMatcher, type MatchRange } from '../enforcement/matcher';
import { rangeOf } from '../storage/repositories/ranges';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import type { Author, ServiceContext } from '../policy/context';
import { outcomeOf, type CoveringList, type LineOutcome, type KnownOutcome } from './import-outcome';
import { readImportLines, type ImportLine, type LineProblem, type LineFields } from './import-lines';
import { ImportPage } from './import-page';
import { requireLines, splitLines } from './import-text';
import type { AccountPolicy } from '../policy/policy';
import { contextOf, settleByMany } from '../policy/apply-change';
import { writeAudited, writePolicy, type PolicyWrite } from '../policy/policy-write';
import { deleteRange, insertRanges } from '../policy/range-edits';

/** Lines in one transaction. Rows of new addresses wait for it, and a crash loses no more than this. */
const LINES_PER_WRITE = 1_000;
/** Ranges in one transaction. */
const RANGES_PER_WRITE = 250;

/** The lists that a line is compared with, and the one that it is added to. */
interface Target {
  readonly lists: readonly CoveringList[];
  readonly now: number;
  /** True if the ids of ranges in `lists` are stored ids. */
  readonly idsAreReal: boolean;
  /** Adds one network of a line, in place of the expired range of the same text. Returns its id. */
  add(cidr: Cidr, line: number, fields: LineFields, expired: MatchRange | undefined): string;
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
class ImportRun {
  /** Ranges added, or that a dry run would add. */
  ranges = 0;
  readonly #policy: AccountPolicy;
  readonly #page: ImportPage;

  constructor(policy: AccountPolicy, page: ImportPage) {
    this.#policy = policy;
    this.#page = page;
  }

  /** Adds the ranges of one line and records its outcome. */
  take(source: ImportLine, target: Target): void {
    const { fields } = source;
    if ('code' in fields) {
      this.#refuse(source, fields);
    } else if (fields.expiresAt !== null && fields.expiresAt <= target.now) {
      this.#refuse(source, { code: 'invalid_expiry', detail: 'expiresAt: must be in the future.' });
    } else if (this.ranges + fields.cidrs.length > MAX_IMPORT_RANGES) {
      const detail = `An import adds at most ${MAX_IMPORT_RANGES} ranges; import the rest on its own.`;
      this.#refuse(source, { code: 'limit_reached', detail });
    } else {
      this.#add(source, fields, target);
    }
  }

  #refuse({ line, text }: ImportLine, problem: LineProblem): void {
    const nothing = { cidrs: [], label: '', expiresAt: null, rangeIds: [], notes: [] };
    this.#page.take({
      line,
      status: 'invalid',
      isNoted: false,
      networks: 0,
      result: () => ({ line, text, status: 'invalid', ...nothing, ...problem }),
    });
  }

  #add({ line, text }: ImportLine, fields: LineFields, target: Target): void {
    const outcomes: LineOutcome[] = [];
    const added: string[] = [];
    let isNoted = fields.notes.length > 0;
    let isCovered = false;
    for (const cidr of fields.cidrs) {
      const outcome = outcomeOf(cidr, fields.expiresAt, target.lists, target.now);
      outcomes.push(outcome);
      isNoted ||= outcome.voidedBy !== undefined || outcome.opens !== undefined;
      isCovered ||= outcome.kind === 'covered';
      if (outcome.kind !== 'new') continue;
      added.push(target.add(cidr, line, fields, outcome.expired));
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
          cidrs: fields.cidrs.map(formatCidr),
          label: fields.label,
          expiresAt: isoTimeOrNull(fields.expiresAt),
          rangeIds: target.idsAreReal ? [...new Set(ids)] : [],
          notes: [...fields.notes, ...this.#denialNotes(outcomes)],
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

/** Runs the import on a list of its own, and changes nothing. */
async function rehearse(
  run: ImportRun,
  lines: Iterable<ImportLine>,
  policy: AccountPolicy,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  const fresh = new RangeMatcher();
  const target: Target = {
    lists: [policy.ranges, fresh],
    now,
    idsAreReal: false,
    add: (cidr, line, { expiresAt }) => {
      const id = `${line} ${fresh.size}`;
      fresh.set({ id, cidr, effect: 'authorize', keyId: null, createdAt: now, expiresAt });
      return id;
    },
    lineOf: (id) => (policy.ranges.get(id) === undefined ? Number.parseInt(id, 10) : undefined),
  };
  for (const line of lines) {
    if (signal.aborted) return;
    run.take(line, target);
    await yieldToEventLoop();
  }
}

/** Adds the ranges of a few lines in one transaction. Memory lacks them until the commit, so `fresh` has them too. */
async function addSome(
  write: PolicyWrite,
  run: ImportRun,
  lines: Iterator<ImportLine>,
  lineOf: Map<string, number>,
): Promise<boolean> {
  const fresh = new RangeMatcher();
  const added: Range[] = [];
  const context = contextOf(write);
  const expired: MatchRange[] = [];
  const target: Target = {
    lists: [write.policy.ranges, fresh],
    now: write.now,
    idsAreReal: true,
    add: (cidr, line, { label, expiresAt }, replaced) => {
      if (replaced !== undefined) expired.push(replaced);
      const id = write.newId();
      const createdAt = write.now;
      const range: MatchRange = { id, cidr, effect: 'authorize', keyId: null, createdAt, expiresAt };
      fresh.set(range);
      const fields = { cidr, effect: 'authorize', label, source: 'import', keyId: null } as const;
      added.push(newRange({ ...fields, expiresAt: isoTimeOrNull(expiresAt) }, id, context));
      lineOf.set(id, line);
      return id;
    },
    lineOf: (id) => lineOf.get(id),
  };
  let done = false;
  for (let taken = 0; taken < LINES_PER_WRITE && added.length < RANGES_PER_WRITE; taken += 1) {
    const next = lines.next();
    if (next.done === true) {
      done = true;
      break;
    }
    run.take(next.value, target);
  }
  for (const { id } of expired) {
    const row = await write.tx.ranges.get(write.policy.id, id);
    // A source keeps its expired ranges itself.
    if (row?.source_id === null) await deleteRange(write, rangeOf(row));
  }
  await insertRanges(write, added);
  await settleByMany(write, fresh);
  return done;
}

/**
 * Authorizes the ranges of a text line by line for all keys (docs/behaviour.md 4.6). Lines are added in batches, so that
 * calls are answered meanwhile; a cut import has added the batches so far. Each range has its audit event, and so does the
 * import.
 * @param signal ends the import early when the caller has gone away.
 * @param requirePermission ends the import early by throwing when the caller may not import any more.
 * @throws Refusal `invalid_request` or `limit_reached` naming `text`, before anything is added.
 */
export async function importRanges(
  context: ServiceContext,
  author: Author,
  request: RouteRequest<'importRanges'>['body'],
  signal: AbortSignal,
  requirePermission: () => Promise<unknown>,
): Promise<RouteResponse<'importRanges'>> {
  const { text, dryRun } = request;
  const count = await requireLines(text);
  const policy = context.directory.account(author.accountId);
  const page = new ImportPage(request);
  const run = new ImportRun(policy, page);
  const lines = readImportLines(splitLines(text));
  if (dryRun) {
    await rehearse(run, lines, policy, context.clock.now(), signal);
    return page.answer();
  }
  const lineOf = new Map<string, number>();
  let done = false;
  const noteEnd = async (): Promise<void> => {
    if (run.ranges === 0) return;
    const after = { lines: count, ranges: run.ranges, ...page.counts, complete: done };
    await writeAudited(context, author, (write) =>
      write.audit({ action: 'ranges.import', target: author.accountId, before: null, after }),
    );
  };
  while (!done && !signal.aborted) {
    done = await writePolicy(context, author, (write) => addSome(write, run, lines, lineOf));
    try {
      if (!done) await requirePermission();
    } catch (error) {
      await noteEnd();
      throw error;
    }
  }
  await noteEnd();
  return page.answer();
}
