import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Calls the service and returns the JSON of its answer; undefined for an answer without a body. */
export function callApi(
  url: string,
  token: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  agent?: Agent,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const outgoing = request(
      `${url}${path}`,
      {
        method: text === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          ...(text !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(agent && { agent }),
      },
      (incoming) => {
        let answer = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (answer += chunk));
        incoming.once('end', () => resolve(answer === '' ? undefined : JSON.parse(answer)));
      },
    );
    outgoing.once('error', reject);
    outgoing.end(text);
  });
}

/** Starts consoles that wait for changes, each with a connection of its own; resolves when all of them have begun. */
export async function followChanges(
  url: string,
  tokens: readonly string[],
  count: number,
): Promise<{ stop(): Promise<void> }> {
  let isOver = false;
  const agents: Agent[] = [];
  const follow = async (number: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agents.push(agent);
    const token = tokens[number % tokens.length] ?? '';
    let query = '';
    while (!isOver) {
      const answer = await callApi(url, token, `/v1/changes${query}`, undefined, {}, agent);
      query = `?wait=30&cursor=${(answer as { cursor: string }).cursor}`;
    }
  };
  const following = Array.from({ length: count }, (_, number) => follow(number).catch(() => undefined));
  // Until all have read their snapshots and wait.
  await sleep(3_000);
  return {
    stop: async () => {
      isOver = true;
      for (const agent of agents) agent.destroy();
      await Promise.all(following);
    },
  };
}
