import { Agent, request } from 'node:http';
import { heading, median, percentile, table, target } from '../figures';
import type { FilledService } from './filled-service';
import type { Pace } from './http';
import { onProcessor } from './program';
import { warmUp, type Load, type LoadFigures } from './wrk';

const EDITS_PER_SECOND = 100;

interface EditorFigures {
  readonly perSecond: number;
  /** How long an edit took to be acknowledged, in milliseconds. */
  readonly p99Ms: number;
}

interface Editor {
  stop(): Promise<EditorFigures>;
}

/** Adds a range, and takes it out again with the next edit: 100 edits a second, however long each takes. */
const startEditor = (url: string, headers: Readonly<Record<string, string>>): Editor => {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  const added: string[] = [];
  const startedAt = performance.now();
  let count = 0;
  let failure: unknown;
  let editing: Promise<void> = Promise.resolve();

  const call = (method: string, path: string, body?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        `${url}${path}`,
        {
          method,
          agent,
          headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk: string) => (text += chunk));
          incoming.on('end', () => {
            if ((incoming.statusCode ?? 0) < 300) resolve(text);
            else reject(new Error(`${method} ${path}: ${incoming.statusCode} ${text}`));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  const edit = async (): Promise<void> => {
    const sentAt = performance.now();
    const id = added.pop();
    if (id === undefined) {
      count += 1;
      const cidr = `100.${64 + (count >> 16)}.${(count >> 8) & 255}.${count & 255}/32`;
      const answer = await call('POST', '/v1/ranges', JSON.stringify({ cidr }));
      const { items } = JSON.parse(answer) as { items: { id: string }[] };
      added.push(...items.map((range) => range.id));
    } else await call('DELETE', `/v1/ranges/${id}`);
    times.push(performance.now() - sentAt);
  };

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1e3) * EDITS_PER_SECOND);
    editing = editing.then(async () => {
      while (times.length < due && failure === undefined)
        await edit().catch((error: unknown) => (failure = error));
    });
  }, 1_000 / EDITS_PER_SECOND);

  return {
    stop: async () => {
      clearInterval(timer);
      await editing;
      const seconds = (performance.now() - startedAt) / 1e3;
      if (failure === undefined && added.length > 0) await edit();
      agent.destroy();
      if (failure !== undefined) throw failure instanceof Error ? failure : new Error('an edit failed');
      return { perSecond: times.length / seconds, p99Ms: percentile(times, 0.99) };
    },
  };
};

/** What edits do to checks: the same load without and with 100 edits a second, in turn. */
export const benchEdits = async (filled: FilledService, load: Load, pace: Pace): Promise<void> => {
  heading('Edits at 100,000 ranges, under load');
  const service = await filled.start(onProcessor(0));
  const [url, loadCore] = [`${service.url}/v1/check`, onProcessor(1)];
  const send = (): Promise<LoadFigures> => load.send(url, pace.roundSeconds, loadCore);
  await warmUp(load, url, loadCore);
  const still: LoadFigures[] = [];
  const edited: LoadFigures[] = [];
  const editors: EditorFigures[] = [];
  for (let round = 0; round < pace.rounds; round += 1) {
    still.push(await send());
    const editor = startEditor(service.url, filled.headers);
    edited.push(await send());
    editors.push(await editor.stop());
  }
  await service.stop();
  const p99 = (rounds: readonly LoadFigures[]): number => median(rounds.map(({ p99Ms }) => p99Ms));
  const rate = (rounds: readonly LoadFigures[]): string =>
    median(rounds.map(({ perSecond }) => perSecond)).toFixed(0);
  table([
    ['', 'checks', 'p99'],
    ['no edits', `${rate(still)}/s`, `${p99(still).toFixed(2)} ms`],
    ['100 edits/s', `${rate(edited)}/s`, `${p99(edited).toFixed(2)} ms`],
    ['ratio', '', (p99(edited) / p99(still)).toFixed(2)],
  ]);
  const reached = median(editors.map(({ perSecond }) => perSecond));
  const acknowledged = median(editors.map(({ p99Ms }) => p99Ms));
  console.log(
    `  ${reached.toFixed(0)} edits/s were made, acknowledged within ${acknowledged.toFixed(1)} ms (p99)`,
  );
  target('p99 of checks during edits to without', p99(edited) / p99(still), 1.5, 'at most');
};
