import { constants, setPriority } from 'node:os';
import { httpCall } from '#test/support/service/test-service';
import { importText } from './import-workload';
import type { ImporterFigures, ImporterJob } from './imports';

/** A program of its own, because its work is the load's and not the server's: sends imports one after the other, prints one JSON line. */

const work = async (job: ImporterJob): Promise<ImporterFigures> => {
  const times: number[] = [];
  const startedAt = performance.now();
  while (times.length === 0 || performance.now() - startedAt < job.seconds * 1e3) {
    const body = JSON.stringify({
      text: importText(job.lines, job.first + times.length),
      dryRun: job.dryRun,
    });
    const sentAt = performance.now();
    const answer = await httpCall(`${job.url}/v1/ranges/import`, { body, headers: job.headers });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    times.push(performance.now() - sentAt);
  }
  return { times };
};

// It shares its processor with the load: where it took that over, the checks' times would hold its own work.
setPriority(constants.priority.PRIORITY_LOW);

const [job] = process.argv.slice(2);
if (job === undefined) throw new Error('this takes a job as JSON');
console.log(JSON.stringify(await work(JSON.parse(job) as ImporterJob)));
