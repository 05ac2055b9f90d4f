import type { Clock, WindowOpener } from '../ports';
import type { Accounts } from './accounts';

/** A review that an account brings later than this is not opened by itself any more. */
const PATIENCE_MS = 60_000;

export interface ReviewLinksParts {
  readonly accounts: Pick<Accounts, 'all' | 'subscribe'>;
  readonly windows: WindowOpener;
  readonly clock: Clock;
}

/** Opens reviews that are named by their id alone, as in `gatehouse://review/<id>`, in the account that has them. */
export class ReviewLinks {
  readonly #parts: ReviewLinksParts;
  /** A review that no account had yet, because the program has just started or the link was faster than the feed. */
  #wanted: { readonly reviewId: string; readonly sinceMs: number } | undefined;

  constructor(parts: ReviewLinksParts) {
    this.#parts = parts;
    parts.accounts.subscribe(() => this.#refresh());
  }

  open(reviewId: string): void {
    const { windows, clock } = this.#parts;
    if (this.#openInAccount(reviewId)) return;
    this.#wanted = { reviewId, sinceMs: clock.now() };
    windows.openApproval(reviewId);
  }

  #openInAccount(reviewId: string): boolean {
    const { accounts } = this.#parts;
    const account = accounts.all().find(({ replica }) => replica.view.review(reviewId) !== undefined);
    this.#wanted = undefined;
    account?.windows.openApproval(reviewId);
    return account !== undefined;
  }

  #refresh(): void {
    const wanted = this.#wanted;
    if (wanted === undefined) return;
    if (this.#parts.clock.now() - wanted.sinceMs > PATIENCE_MS) this.#wanted = undefined;
    else if (!this.#openInAccount(wanted.reviewId)) this.#wanted = wanted;
  }
}
