import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServiceProcess } from '#test/support/service/service-process';
import { httpCall, startTestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const TOKEN = 'telemetry-test-token-0123';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const ADDRESS = '203.0.113.9';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}
interface Point {
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly asDouble?: number;
  readonly count?: number | string;
  readonly bucketCounts?: readonly (number | string)[];
  readonly explicitBounds?: readonly number[];
}
interface Metric {
  readonly name: string;
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly Point[] };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}

/** Keeps what is sent to it by OTLP as JSON, with the paths it was sent to. */
function startCollector(bodies: Map<string, string[]>): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      bodies.set(path, [...(bodies.get(path) ?? []), Buffer.concat(chunks).toString('utf8')]);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('traces and metrics by OpenTelemetry', () => {
  let collector: Server;
  let dataDir: string;
  const bodies = new Map<string, string[]>();
  beforeEach(async () => {
    bodies.clear();
    collector = await startCollector(bodies);
    dataDir = makeTempDir('telemetry');
  });
  afterEach(() => {
    collector.close();
    removeTempDir(dataDir);
  });

  const runOnce = async (env: Record<string, string>): Promise<string> => {
    const service = await startServiceProcess({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      ...env,
    });
    const { json } = await httpCall(`${service.url}/v1/keys`, {
      body: { name: 'k' },
      headers: { authorization: `Bearer ${TOKEN}`, traceparent: `00-${TRACE}-${PARENT}-01` },
    });
    const { secret } = json as { secret: string };
    await httpCall(`${service.url}/v1/check`, {
      headers: { 'api-key': secret, 'x-forwarded-for': ADDRESS },
    });
    expect(await service.stop()).toBe(0);
    return secret;
  };
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  it('go to the collector that the environment names, hold no secret, and continue the trace of the sender', async () => {
    const secret = await runOnce({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portOf(collector)}`,
      OTEL_SERVICE_NAME: 'gate-of-the-test',
    });
    const traces = (bodies.get('/v1/traces') ?? []).join('\n');
    const spans = (bodies.get('/v1/traces') ?? []).flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap(
        ({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
    const made = spans.find(({ name }) => name === 'POST /v1/keys');
    expect(made).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
    expect(spans).toContainEqual(
      expect.objectContaining({ name: 'write', traceId: TRACE, parentSpanId: made?.spanId }),
    );
    const checked = spans.find(({ name }) => name === '/v1/check');
    expect(spans.some(({ name, parentSpanId }) => name === 'write' && parentSpanId === checked?.spanId)).toBe(
      true,
    );
    expect(traces).toContain('gate-of-the-test');
    for (const hidden of [secret, TOKEN, ADDRESS]) expect(traces).not.toContain(hidden);

    const metrics = (bodies.get('/v1/metrics') ?? []).flatMap((body) =>
      (
        JSON.parse(body) as { resourceMetrics: { scopeMetrics: { metrics: Metric[] }[] }[] }
      ).resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
    );
    const last = (name: string): Metric | undefined => metrics.findLast((metric) => metric.name === name);
    const [checks] = last('gatehouse_checks_total')?.sum?.dataPoints ?? [];
    expect(last('gatehouse_checks_total')?.sum?.isMonotonic).toBe(true);
    expect(checks?.asDouble).toBe(1);
    expect(checks?.attributes.map(({ key, value }) => `${key} ${value.stringValue}`).sort()).toEqual([
      'reason learned',
      'verdict allowed',
    ]);
    expect(last('gatehouse_database_available')?.gauge?.dataPoints[0]?.asDouble).toBe(1);
    const [duration] = last('gatehouse_check_duration_seconds')?.histogram?.dataPoints ?? [];
    expect(Number(duration?.count)).toBe(1);
    expect(duration?.bucketCounts?.reduce<number>((sum, count) => sum + Number(count), 0)).toBe(1);
    expect(duration?.bucketCounts?.length).toBe((duration?.explicitBounds?.length ?? 0) + 1);
  });

  it('are not sent where nothing asks for them', async () => {
    await runOnce({});
    expect([...bodies.keys()]).toEqual([]);
  });

  it('are no reason not to end where the collector is away', async () => {
    const port = portOf(collector);
    await new Promise((resolve) => collector.close(resolve));
    await runOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
  });
});

describe('the metrics of keys', () => {
  it('have a bounded number of series', async () => {
    const service = await startTestService();
    try {
      for (let n = 0; n < 102; n += 1) {
        const { secret } = await service.createKey(`k${n}`);
        await service.check(secret, ADDRESS);
      }
      const { text } = await httpCall(`${service.url}/metrics`);
      const rows = text.split('\n').filter((line) => line.startsWith('gatehouse_key_checks_total{'));
      expect(rows).toHaveLength(101);
      expect(rows.at(-1)).toBe('gatehouse_key_checks_total{key="other",verdict="blocked"} 2');
    } finally {
      await service.stop();
    }
  });
});
