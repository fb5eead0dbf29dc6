// A step of a job that sends its own trace: one span, within what TRACEPARENT says, by OpenTelemetry's SDK over OTLP/HTTP. The arguments are the collector's address and the span's name.
'use strict';

const { ROOT_CONTEXT, trace } = require('@opentelemetry/api');
const { W3CTraceContextPropagator } = require('@opentelemetry/core');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
const { BasicTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');

const [collector, name] = process.argv.slice(2);
const exporter = new OTLPTraceExporter({ url: `${collector}/v1/traces`, timeoutMillis: 300000 });
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const carrier = { traceparent: process.env.TRACEPARENT };
const parent = new W3CTraceContextPropagator().extract(ROOT_CONTEXT, carrier, {
  get: (from, key) => from[key],
  keys: (from) => Object.keys(from),
});
if (!trace.getSpanContext(parent)) {
  throw new Error(`TRACEPARENT is no trace context: ${process.env.TRACEPARENT}`);
}

provider.getTracer('build').startSpan(name, {}, parent).end();
provider.forceFlush().then(() => provider.shutdown());
