import type { Traffic } from './traffic';

interface AttemptSum {
  readonly ip: string;
  readonly row: string;
  readonly calls: number;
}

/** Runs a query on the database that the processes had. */
export type Query = <Row extends object>(sql: string) => Promise<readonly Row[]>;

/** Returns what the database should have of the traffic and has not, or has twice, in sentences. */
export async function findingsOf(traffic: Traffic, query: Query): Promise<readonly string[]> {
  const attempts = await query<AttemptSum>(
    `SELECT ip, ip || ' ' || verdict || ' ' || reason AS row, CAST(sum(count) AS INTEGER) AS calls
      FROM attempts GROUP BY ip, verdict, reason`,
  );
  const rows = new Set(attempts.map(({ row }) => row));
  const calls = new Map<string, number>();
  for (const { ip, calls: count } of attempts) calls.set(ip, (calls.get(ip) ?? 0) + count);
  const rowsOf = (ip: string): string =>
    attempts.flatMap((one) => (one.ip === ip ? [`${one.row} ${one.calls}`] : [])).join();
  const ranges = await query<{ cidr: string }>('SELECT cidr FROM ranges ORDER BY cidr');
  const operations = await query<{ id: string; times: number }>(
    'SELECT operation_id AS id, CAST(count(*) AS INTEGER) AS times FROM audit WHERE operation_id IS NOT NULL GROUP BY 1',
  );
  const times = new Map(operations.map(({ id, times: count }) => [id, count]));
  const reviews = await query<{ ip: string; status: string }>('SELECT ip, status FROM reviews');
  const pending = reviews.filter(({ status }) => status === 'pending').map(({ ip }) => ip);
  const reviewed = new Set(reviews.map(({ ip }) => ip));
  const unknown = [...traffic.answered.keys()].flatMap((row) =>
    row.endsWith(' blocked unknown') ? [row.split(' ')[0] ?? ''] : [],
  );
  return [
    ...traffic.wrong.map((answer) => `wrong: ${answer}`),
    ...[...traffic.answered.keys()]
      .filter((row) => !rows.has(row))
      .map((row) => `answered, not logged: ${row}`),
    ...[...calls]
      .filter(([ip, count]) => count > traffic.sent(ip))
      .map(([ip]) => `counted twice, ${traffic.sent(ip)} calls: ${rowsOf(ip)}`),
    ...(ranges
      .map(({ cidr }) => cidr)
      .sort()
      .join() === traffic.ranges.join()
      ? []
      : [`ranges: ${ranges.map(({ cidr }) => cidr).join()} instead of ${traffic.ranges.join()}`]),
    ...traffic.operationIds
      .filter((id) => times.get(id) !== 1)
      .map((id) => `operation ${id}: ${times.get(id)} times`),
    ...unknown
      .filter((ip) => traffic.isUnlisted(ip) && !reviewed.has(ip))
      .map((ip) => `blocked without a review: ${ip}`),
    ...pending.filter((ip, index) => pending.indexOf(ip) !== index).map((ip) => `two open reviews: ${ip}`),
  ];
}
