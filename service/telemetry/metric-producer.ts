import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  InstrumentType,
  type CollectionResult,
  type DataPoint,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { ValueType, type HrTime } from '@opentelemetry/api';
import type { MetricObjectWithValues, MetricValue, MetricValueWithName } from 'prom-client';

/** A metric of the registry with all its series. */
export type MetricFamily = MetricObjectWithValues<MetricValue<string>>;

const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1e6;

function timeOf(ms: number): HrTime {
  return [Math.floor(ms / MS_PER_SECOND), Math.round((ms % MS_PER_SECOND) * NS_PER_MS)];
}

/** Hands the metrics of Prometheus' registry on, so that both ways tell the same. */
export function createMetricProducer(
  families: () => Promise<readonly MetricFamily[]>,
  resource: Resource,
): MetricProducer {
  const startTime = timeOf(performance.timeOrigin);
  return {
    collect: async (): Promise<CollectionResult> => {
      const times = { startTime, endTime: timeOf(Date.now()) };
      const metrics = (await families()).map((family) => metricOf(family, times));
      return {
        resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'gatehouse' }, metrics }] },
        errors: [],
      };
    },
  };
}

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function metricOf(family: MetricFamily, times: Times): MetricData {
  const { name, help: description, values } = family;
  const type = String(family.type);
  const common = { aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const descriptorOf = (instrument: InstrumentType) => ({
    ...{ name, description, unit: '', type: instrument, valueType: ValueType.DOUBLE, advice: {} },
  });
  switch (type) {
    case 'histogram': {
      const descriptor = descriptorOf(InstrumentType.HISTOGRAM);
      const dataPoints = histogramsOf(values, times);
      return { ...common, descriptor, dataPointType: DataPointType.HISTOGRAM, dataPoints };
    }
    case 'counter': {
      const descriptor = descriptorOf(InstrumentType.OBSERVABLE_COUNTER);
      const dataPoints = pointsOf(values, times);
      return { ...common, descriptor, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
    }
    default: {
      const descriptor = descriptorOf(InstrumentType.OBSERVABLE_GAUGE);
      return {
        ...common,
        descriptor,
        dataPointType: DataPointType.GAUGE,
        dataPoints: pointsOf(values, times),
      };
    }
  }
}

function pointsOf(values: readonly MetricValue<string>[], times: Times): DataPoint<number>[] {
  return values.map(({ labels, value }) => ({ ...times, attributes: { ...labels }, value }));
}

/** Prometheus has a row for each bucket, which counts those below it too. */
function histogramsOf(values: readonly MetricValueWithName<string>[], times: Times): DataPoint<Histogram>[] {
  const series = new Map<
    string,
    { labels: Record<string, string>; bounds: number[]; below: number[]; sum: number }
  >();
  for (const { labels, value, metricName } of values) {
    const { le, ...others } = labels as Record<string, string | number>;
    const own = Object.fromEntries(Object.entries(others).map(([key, text]) => [key, String(text)]));
    const key = JSON.stringify(own);
    const one = series.get(key) ?? { labels: own, bounds: [], below: [], sum: 0 };
    series.set(key, one);
    if (metricName?.endsWith('_sum') === true) one.sum = value;
    else if (le !== undefined) {
      one.below.push(value);
      if (le !== '+Inf') one.bounds.push(Number(le));
    }
  }
  return [...series.values()].map(({ labels, bounds, below, sum }) => ({
    ...times,
    attributes: labels,
    value: {
      buckets: { boundaries: bounds, counts: below.map((count, index) => count - (below[index - 1] ?? 0)) },
      sum,
      count: below.at(-1) ?? 0,
    },
  }));
}
