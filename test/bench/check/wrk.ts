import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CONNECTIONS = 32;

export interface LoadFigures {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const WARM_UP_ROUNDS = { fewest: 3, most: 10 } as const;

/** Every request is made before the first is sent; wrk then only walks through them. */
const SCRIPT = `
local requests, place = {}, 0

function init(arguments)
  local path, key = arguments[1], arguments[2]
  for caller in io.lines(arguments[3]) do
    local headers = { ["x-forwarded-for"] = caller, ["api-key"] = key }
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"refused":%d,"broken":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
`;

interface Summary {
  readonly requests: number;
  readonly durationUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly refused: number;
  readonly broken: number;
}

export interface Load {
  /**
   * Sends requests over 32 kept connections, each as soon as the one before is answered.
   * @throws when a request is refused or breaks: the figures of a server that fails mean nothing.
   */
  send(url: string, durationSeconds: number, pinned?: readonly string[]): Promise<LoadFigures>;
}

/** A load of calls with one key from many addresses, in turn. */
export const createLoad = (dir: string, apiKey: string, callers: readonly string[]): Load => {
  const script = join(dir, 'load.lua');
  const callerFile = join(dir, 'callers.txt');
  writeFileSync(script, SCRIPT);
  writeFileSync(callerFile, `${callers.join('\n')}\n`);
  return {
    send: async (url, durationSeconds, pinned = []) => {
      const { origin, pathname } = new URL(url);
      const options = ['-t1', `-c${CONNECTIONS}`, `-d${durationSeconds}s`, '--timeout', '10s', '-s', script];
      const [command = 'wrk', ...args] = [
        ...pinned,
        ...['wrk', ...options, origin, '--', pathname, apiKey, callerFile],
      ];
      const { stdout } = await run(command, args);
      const json = /\{"requests".*\}/.exec(stdout)?.[0];
      if (json === undefined) throw new Error(`wrk did not say how it went: ${stdout}`);
      const summary = JSON.parse(json) as Summary;
      if (summary.refused + summary.broken > 0 || summary.requests === 0) {
        throw new Error(`${url}: ${summary.refused} answers were no 200, ${summary.broken} calls broke`);
      }
      return {
        requests: summary.requests,
        perSecond: (summary.requests / summary.durationUs) * 1e6,
        p50Ms: summary.p50Us / 1e3,
        p99Ms: summary.p99Us / 1e3,
      };
    },
  };
};

/**
 * Sends load, a second at a time, until the server gets no quicker: it has been compiled, and the first sight of every
 * caller has been written.
 */
export const warmUp = async (load: Load, url: string, pinned: readonly string[]): Promise<void> => {
  let best = 0;
  for (let round = 1; round <= WARM_UP_ROUNDS.most; round += 1) {
    const { perSecond } = await load.send(url, 1, pinned);
    if (round >= WARM_UP_ROUNDS.fewest && perSecond < best * 1.05) return;
    best = Math.max(best, perSecond);
  }
};
