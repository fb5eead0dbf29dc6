// A collector in @grpc/grpc-js for our client to call. Prints its port on one line, and stops when its standard input closes.
// Usage: node grpcjs_server.js job_events.proto. What it answers is chosen by the request's sender_id.
'use strict';

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(process.argv[2], { keepCase: true, arrays: true });
const { JobEventCollector } = grpc.loadPackageDefinition(definition).runnermetrics.v1;

// Text beyond ASCII, a percent sign and a line end: all that percent-encoding is for.
const MESSAGE = 'Datenträger voll: 100 %\n日本語 🚀';

function reportEvents(call, callback) {
  const results = call.request.events.map((event) => ({ event_id: event.event_id, outcome: 'OUTCOME_ACCEPTED' }));
  switch (call.request.sender_id) {
    case 'error':
      return callback({ code: grpc.status.RESOURCE_EXHAUSTED, details: MESSAGE });
    case 'details': {
      const metadata = new grpc.Metadata();
      metadata.set('grpc-status-details-bin', Buffer.from([0x08, 0x03, 0x12, 0x01, 0xff]));
      return callback({ code: grpc.status.INVALID_ARGUMENT, details: 'see the details', metadata });
    }
    case 'error after headers':
      // The status in trailers, where 'error' sends it in the headers alone.
      call.sendMetadata(new grpc.Metadata());
      return callback({ code: grpc.status.ABORTED, details: MESSAGE });
    case 'headers': {
      const heard = call.metadata.getMap();
      return callback(null, { results: Object.entries(heard).map(([name, value]) => ({ event_id: name, reason: String(value) })) });
    }
    case 'never':
      return undefined;
    default:
      return callback(null, { results });
  }
}

// 2 is gzip: what its responses are compressed with, where the client accepts it.
const server = new grpc.Server({ 'grpc.default_compression_algorithm': 2 });
server.addService(JobEventCollector.service, { reportEvents, ReportEvents: reportEvents });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  process.stdout.write(`${port}\n`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
