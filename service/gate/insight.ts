import type { Sequential } from '#shared/async/sequential';
import type { Judge } from './judge';
import type { Places } from '../geo/geolocation';
import type { Blocklists } from '../trust/collect-facts';

/** What looking at the policy needs beside the account: how calls are judged, and what is known of addresses. */
export interface Insight {
  readonly judge: Judge;
  readonly places: Places;
  readonly blocklists: Blocklists;
  /** Replays of the log take turns: each keeps a core busy for seconds. */
  readonly replays: Sequential;
}
