import { Agent, request } from 'node:http';
import { constants, setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../figures';
import type { EditorFigures, EditorJob } from './edits';

/** A program of its own, because its work is the load's and not the server's: makes edits for some seconds, prints one JSON line. */

const agent = new Agent({ keepAlive: true });

const call = ({ url, headers }: EditorJob, method: string, path: string, body?: string): Promise<string> =>
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

/** Adds a range, and takes it out again with the next edit: so many edits a second, however long each takes. */
const edit = async (job: EditorJob): Promise<EditorFigures> => {
  const times: number[] = [];
  const startedAt = performance.now();
  const sinceStart = (): number => performance.now() - startedAt;
  let added: string | undefined;
  while (sinceStart() < job.seconds * 1e3 || added !== undefined) {
    const sentAt = performance.now();
    if (added === undefined) {
      const count = times.length;
      const cidr = `100.${64 + (count >> 16)}.${(count >> 8) & 255}.${count & 255}/32`;
      const answer = await call(job, 'POST', '/v1/ranges', JSON.stringify({ cidr }));
      added = (JSON.parse(answer) as { items: [{ id: string }] }).items[0].id;
    } else {
      await call(job, 'DELETE', `/v1/ranges/${added}`);
      added = undefined;
    }
    times.push(performance.now() - sentAt);
    const early = (times.length / job.perSecond) * 1e3 - sinceStart();
    if (early > 0) await wait(early);
  }
  return { perSecond: (times.length / sinceStart()) * 1e3, p99Ms: percentile(times, 0.99) };
};

// It shares its processor with the load: where it took that over, the checks' times would hold its own work.
setPriority(constants.priority.PRIORITY_LOW);

const [job] = process.argv.slice(2);
if (job === undefined) throw new Error('this takes a job as JSON');
console.log(JSON.stringify(await edit(JSON.parse(job) as EditorJob)));
agent.destroy();
