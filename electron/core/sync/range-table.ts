import { identityText, type RangeIdentity } from '#shared/domain/policy-state';
import type { MirrorRow } from '../store/mirror-rows';

/**
 * The mirror's ranges by id, and by what makes them the same. That index is made when it is first asked for and kept from
 * then on: made anew for each answer of the feed it would cost a walk over all ranges as long as edits wait.
 */
export class RangeTable extends Map<string, MirrorRow<'range'>> {
  #idOf: Map<string, string> | null = null;

  /** The id of the range that says the same. */
  same(identity: RangeIdentity): string | undefined {
    this.#idOf ??= this.#index();
    return this.#idOf.get(identityText(identity));
  }

  override set(id: string, row: MirrorRow<'range'>): this {
    this.#drop(id);
    this.#idOf?.set(identityText(row.value), id);
    return super.set(id, row);
  }

  override delete(id: string): boolean {
    this.#drop(id);
    return super.delete(id);
  }

  override clear(): void {
    this.#idOf = null;
    super.clear();
  }

  #index(): Map<string, string> {
    const idOf = new Map<string, string>();
    for (const [id, { value }] of this) idOf.set(identityText(value), id);
    return idOf;
  }

  /** In the middle of a snapshot two rows may say the same for a while: the one that came last is found. */
  #drop(id: string): void {
    const before = this.get(id);
    if (this.#idOf === null || before === undefined) return;
    const text = identityText(before.value);
    if (this.#idOf.get(text) === id) this.#idOf.delete(text);
  }
}
