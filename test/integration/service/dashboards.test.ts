import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reasonSchema, verdictSchema } from '#shared/domain/entities';
import { sourceStatusSchema } from '#shared/domain/source';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';
import { parseYaml, yamlAt } from '#test/support/yaml';

const DEPLOY = join(import.meta.dirname, '../../../resources/deploy');
const ALERTS = join(DEPLOY, 'prometheus/gatehouse-alerts.yaml');

/** The labels that Prometheus adds to what it reads, and what it knows of a service that does not answer. */
const PROMETHEUS_LABELS = ['job', 'instance'];
const PROMETHEUS_METRICS = ['up'];

/** Values that a label can have, besides those that a service has had. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  verdict: verdictSchema.options,
  // Not every reason of an answer without a verdict can be brought about here.
  reason: [...reasonSchema.options, 'unavailable'],
  status: sourceStatusSchema.options,
  job: ['gatehouse'],
};

/** The labels of each metric, with the values that they have had. */
type Exposed = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

function readExposed(text: string): Exposed {
  const metrics = new Map<string, Map<string, Set<string>>>();
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^([a-z_]\w*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = metrics.get(name) ?? new Map<string, Set<string>>();
    metrics.set(name, known);
    for (const [, label = '', value = ''] of labels.matchAll(LABEL)) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }
  return metrics;
}

interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** Reads the metrics of an expression with their matchers, and the labels by which it groups. */
function readExpression(expression: string): {
  readonly selectors: readonly Selector[];
  readonly groups: readonly string[];
} {
  const groups: string[] = [];
  const selectors: Selector[] = [];
  const rest = expression.replace(
    /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g,
    (_, labels: string) => (groups.push(...labels.split(',').map((label) => label.trim())), ''),
  );
  for (const [, name = '', braces = '', after] of rest.matchAll(
    /(?<![\w$"{.])([a-z_:][\w:]*)\s*(?:\{([^}]*)\})?(?:\[[^\]]*\])?(\s*\()?/g,
  )) {
    // A name before a parenthesis is a function.
    if (after !== undefined || ['and', 'or', 'unless', 'offset', 'bool'].includes(name)) continue;
    const matchers = [...braces.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
    );
    selectors.push({ metric: name, matchers });
  }
  return { selectors, groups };
}

/** Returns what an expression names that a service does not have. */
function unknownIn(expression: string, exposed: Exposed): readonly string[] {
  const { selectors, groups } = readExpression(expression);
  const labelsOf = (metric: string): readonly string[] => [
    ...PROMETHEUS_LABELS,
    ...(exposed.get(metric)?.keys() ?? []),
  ];
  const values = (metric: string, label: string): readonly string[] => [
    ...(VALUES[label] ?? []),
    ...(exposed.get(metric)?.get(label) ?? []),
  ];
  const unknown: string[] = selectors.length === 0 ? [`no metric in ${expression}`] : [];
  for (const { metric, matchers } of selectors) {
    if (!exposed.has(metric) && !PROMETHEUS_METRICS.includes(metric)) unknown.push(`metric ${metric}`);
    for (const { label, value } of matchers) {
      if (!labelsOf(metric).includes(label)) unknown.push(`label ${label} of ${metric}`);
      // What a person chooses in the dashboard.
      if (value.startsWith('$')) continue;
      for (const one of value.split('|')) {
        if (!values(metric, label).includes(one)) unknown.push(`value ${one} of ${label} of ${metric}`);
      }
    }
  }
  const all = selectors.flatMap(({ metric }) => labelsOf(metric));
  return [...unknown, ...groups.filter((label) => !all.includes(label)).map((label) => `group ${label}`)];
}

const panelSchema = z.object({
  id: z.number(),
  title: z.string(),
  type: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.object({ refId: z.string(), expr: z.string() })).default([]),
});
const dashboardSchema = z.object({
  uid: z.string(),
  panels: z.array(panelSchema),
  templating: z.object({ list: z.array(z.looseObject({ name: z.string() })) }),
});

/** Uses a service so that each of its metrics has a value. */
async function live(service: TestService): Promise<void> {
  const { secret } = await service.createKey();
  await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
  await service.check(secret, '203.0.113.9');
  await service.check(secret, 'nonsense');
  await service.check(secret, undefined);
  await service.api('/v1/sources', {
    body: { kind: 'url', spec: { url: 'https://127.0.0.1:1/list' }, effect: 'deny' },
  });
}

describe('what is ready for Prometheus and Grafana', () => {
  let service: TestService;
  let exposed: Exposed;
  const dashboard = dashboardSchema.parse(
    JSON.parse(readFileSync(join(DEPLOY, 'grafana/gatehouse.json'), 'utf8')),
  );
  const alerts = z
    .array(z.record(z.string(), z.unknown()))
    .parse(yamlAt(parseYaml(readFileSync(ALERTS, 'utf8')), 'groups', 0, 'rules'));

  beforeAll(async () => {
    service = await startTestService();
    await live(service);
    let text = '';
    await waitFor('every metric to have a value', async () => {
      // Garbage, whose pauses are a metric.
      Array.from({ length: 200_000 }, (_, n) => ({ n }));
      ({ text } = await service.api('/metrics'));
      return ['nodejs_gc_duration_seconds_count{', 'gatehouse_source_refreshes_total{'].every((name) =>
        text.includes(name),
      );
    });
    exposed = readExposed(text);
  });
  afterAll(() => service.stop());

  it('finds what a service does not have', () => {
    expect(
      unknownIn('sum by (le, key) (rate(gatehouse_checks_total{verdict="let_in", ip="x"}[5m]))', exposed),
    ).toEqual([
      'value let_in of verdict of gatehouse_checks_total',
      'label ip of gatehouse_checks_total',
      'value x of ip of gatehouse_checks_total',
      'group le',
      'group key',
    ]);
    expect(unknownIn('max(gatehouse_readers) or vector(0)', exposed)).toEqual(['metric gatehouse_readers']);
    expect(unknownIn('vector(0)', exposed)).toEqual(['no metric in vector(0)']);
  });

  it('is a dashboard whose panels have a place and an id of their own', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it.each(dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr }))))(
    'is a panel of metrics that there are: $title: $expr',
    ({ expr }) => {
      expect(unknownIn(expr, exposed)).toEqual([]);
    },
  );

  it('are variables of metrics that there are', () => {
    const queries = dashboard.templating.list.flatMap(
      ({ query }) => z.object({ query: z.string() }).safeParse(query).data?.query ?? [],
    );
    expect(queries).toHaveLength(2);
    for (const query of queries) {
      const [, metric = ''] = /^label_values\((\w+)/.exec(query) ?? [];
      expect(exposed.has(metric), query).toBe(true);
    }
  });

  it.each(alerts.map((rule) => ({ alert: String(rule['alert']), rule })))(
    'is an alert: $alert',
    ({ rule }) => {
      expect(unknownIn(z.string().parse(rule['expr']), exposed)).toEqual([]);
      const { labels, annotations } = z
        .object({
          labels: z.object({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.object({ summary: z.string(), description: z.string() }),
        })
        .parse(rule);
      expect(labels.severity).toBeDefined();
      // What a sentence names has to be left by its expression.
      const { groups } = readExpression(String(rule['expr']));
      for (const [, label = ''] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
        expect([...groups, ...PROMETHEUS_LABELS], label).toContain(label);
      }
    },
  );

  it('uses each metric of the service somewhere', () => {
    const expressions = [
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...alerts.map(({ expr }) => String(expr)),
    ];
    const used = new Set(
      expressions.flatMap((one) => readExpression(one).selectors.map(({ metric }) => metric)),
    );
    const families = [...exposed.keys()].map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    const unused = families.filter((family) => ![...used].some((name) => name.startsWith(family)));
    expect(unused).toEqual([]);
  });

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  it.skipIf(!promtool)('are expressions that Prometheus takes', () => {
    const dir = makeTempDir('rules');
    const panels = join(dir, 'panels.yaml');
    const rules = dashboard.panels.flatMap(({ targets }) =>
      targets.map(({ expr }, index) => ({ record: `panel:${index}`, expr })),
    );
    writeFileSync(panels, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    const checked = spawnSync('promtool', ['check', 'rules', '--lint=none', ALERTS, panels], {
      encoding: 'utf8',
    });
    expect(checked.status, checked.stderr).toBe(0);
    removeTempDir(dir);
  });
});
