import {
  MAX_IMPORT_PAGE_NETWORKS,
  type ImportFilter,
  type ImportResult,
  type ImportStatus,
} from '#shared/api/routes-import';
import type { RouteRequest, RouteResponse } from '#shared/api/route-types';

type Imported = RouteResponse<'importRanges'>;

/** Outcome of one line. `result` is called only if the line is answered. */
export interface LineOutcome {
  readonly line: number;
  readonly status: ImportStatus;
  readonly isNoted: boolean;
  readonly networks: number;
  readonly result: () => ImportResult;
}

/** A bounded list of lines in the order of the text. */
class Lines {
  readonly results: ImportResult[] = [];
  /** True once a line did not fit. No later one is taken. */
  isCut = false;
  #networks = 0;

  add({ networks, result }: LineOutcome, limit: number): void {
    this.isCut ||= this.results.length === limit || this.#networks >= MAX_IMPORT_PAGE_NETWORKS;
    if (this.isCut) return;
    this.results.push(result());
    this.#networks += networks;
  }
}

/** Counts all lines of an import and keeps those that are answered. */
export class ImportPage {
  readonly #counts = { added: 0, duplicate: 0, covered: 0, invalid: 0, noted: 0 };
  readonly #wanted = new Lines();
  /** After an import that is too long to show in full, problems and notes come first, then the ranges that existed. */
  readonly #telling = new Lines();
  readonly #known = new Lines();
  readonly #request: RouteRequest<'importRanges'>['body'];
  readonly #after: number;
  #lines = 0;

  constructor(request: RouteRequest<'importRanges'>['body']) {
    this.#request = request;
    this.#after = Number(request.cursor ?? 0);
  }

  get counts(): Readonly<Record<ImportFilter, number>> {
    return this.#counts;
  }

  take(outcome: LineOutcome): void {
    const { line, status, isNoted } = outcome;
    const { limit, outcome: filter } = this.#request;
    this.#lines += 1;
    this.#counts[status] += 1;
    if (isNoted) this.#counts.noted += 1;
    if (line <= this.#after) return;
    if (filter !== undefined && !(filter === 'noted' ? isNoted : filter === status)) return;
    this.#wanted.add(outcome, limit);
    if (status === 'invalid' || isNoted) this.#telling.add(outcome, limit);
    else if (status !== 'added') this.#known.add(outcome, limit);
  }

  answer(): Pick<Imported, ImportFilter | 'results' | 'omitted' | 'nextCursor'> {
    const { dryRun, limit, outcome } = this.#request;
    const { isCut } = this.#wanted;
    const isAll = !isCut || dryRun || outcome !== undefined;
    const results = isAll
      ? this.#wanted.results
      : [...this.#telling.results, ...this.#known.results].slice(0, limit).sort((a, b) => a.line - b.line);
    const last = results.at(-1);
    return {
      ...this.#counts,
      results,
      omitted: this.#lines - results.length,
      nextCursor: dryRun && isCut && last !== undefined ? String(last.line) : null,
    };
  }
}
