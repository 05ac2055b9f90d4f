import { identityText, type RangeIdentity } from '#shared/domain/policy-state';
import type { MirrorRow } from '../store/mirror-rows';

/**
 * The mirror's ranges by id and by identity. The identity index is made when it is first needed and then kept, because to make it
 * for each answer of the feed would walk over all ranges as long as operations wait.
 */
export class RangeTable extends Map<string, MirrorRow<'range'>> {
  #idOf: Map<string, string> | null = null;

  /** The id of the range with this identity. */
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

  /** Two rows may share an identity in the middle of a snapshot; the index keeps the later one. */
  #drop(id: string): void {
    const before = this.get(id);
    if (this.#idOf === null || before === undefined) return;
    const text = identityText(before.value);
    if (this.#idOf.get(text) === id) this.#idOf.delete(text);
  }
}
