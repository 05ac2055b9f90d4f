import { cidrContains, type Cidr, type IpAddress } from '#shared/ip/index';

/** Edits that are kept: some seconds of a hundred a second. Whoever asks for longer is told what is always safe. */
const KEPT = 256;

/** Which networks were edited lately, so that what is known of all other addresses can be kept. */
export class RecentEdits {
  readonly #networks: Cidr[] = [];
  #count = 0;

  /** How many edits there have been. */
  get count(): number {
    return this.#count;
  }

  add(network: Cidr): void {
    this.#networks[this.#count % KEPT] = network;
    this.#count += 1;
  }

  /**
   * Whether an edit may have changed what holds for the address, of those that came after the first `count`; true also where
   * too many came since to be sure.
   */
  concern(address: IpAddress, count: number): boolean {
    if (this.#count - count > KEPT) return true;
    for (let edit = count; edit < this.#count; edit += 1) {
      const network = this.#networks[edit % KEPT];
      if (network === undefined || cidrContains(network, address)) return true;
    }
    return false;
  }
}
