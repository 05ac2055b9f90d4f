import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { SECOND_MS } from '#shared/durations';
import { VERSION } from '../version';
import { createMetricProducer, type MetricFamily } from './metric-producer';
import type { Tracing } from './tracing';

const NAME = 'gatehouse';
const STOP_PATIENCE_MS = 2 * SECOND_MS;
const FIRST_SERVER_ERROR = 500;

export interface Telemetry {
  readonly tracing: Tracing;
  /** Sends what waits. */
  stop(): Promise<void>;
}

/**
 * Sends traces, and the metrics of `families` every minute, by OTLP. The SDK reads from the environment where to, which traces
 * and under which name (https://opentelemetry.io/docs/languages/sdk-configuration/).
 */
export function startTelemetry(families: () => Promise<readonly MetricFamily[]>): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': NAME, 'service.version': VERSION }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  const traces = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  traces.register();
  const metrics = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(),
        metricProducers: [createMetricProducer(families, resource)],
      }),
    ],
  });
  return {
    tracing: createTracing(),
    stop: async () => {
      const sent = Promise.allSettled([traces.shutdown(), metrics.shutdown()]);
      // A collector that is away must not keep the service from ending.
      await Promise.race([sent, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

function createTracing(): Tracing {
  const tracer = trace.getTracer(NAME, VERSION);

  async function inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
    return await tracer.startActiveSpan(name, async (span) => {
      try {
        return await work();
      } catch (error) {
        // Its message may hold what a trace must not.
        span.setStatus({
          code: SpanStatusCode.ERROR,
          message: error instanceof Error ? error.name : 'unknown',
        });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  function ofRequest(
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
    handle: () => void,
  ): void {
    const sender = propagation.extract(ROOT_CONTEXT, request.headers);
    const attributes = { 'http.request.method': request.method ?? '' };
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, sender);
    response.once('close', () => {
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= FIRST_SERVER_ERROR) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(sender, span), handle);
  }

  return { inSpan, ofRequest };
}
