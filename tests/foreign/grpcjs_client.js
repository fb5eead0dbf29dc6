// Makes calls with @grpc/grpc-js and prints what came of them. Takes and prints what grpcio_client.py does, but
// "protos" (paths of .proto files) in the place of "descriptors".
'use strict';

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', () => main(JSON.parse(Buffer.concat(chunks).toString('utf8'))));

async function main(job) {
  // arrays: without it an empty repeated field is absent.
  const options = { keepCase: true, enums: String, longs: String, arrays: true };
  const services = job.protos.map((path) => loader.loadSync(path, options));
  const methods = new Map();
  for (const definition of services) {
    for (const service of Object.values(definition)) {
      for (const method of Object.values(service)) {
        if (method && method.path) {
          methods.set(method.path, method);
        }
      }
    }
  }

  const results = [];
  const clients = new Map();
  for (const spec of job.calls) {
    const compression = spec.compression || null;
    if (!clients.has(compression)) {
      clients.set(compression, new grpc.Client(job.address, grpc.credentials.createInsecure(), {
        'grpc.enable_retries': 0,
        'grpc.enable_http_proxy': 0,
        'grpc.default_compression_algorithm': { gzip: 2, deflate: 1 }[compression] || 0,
      }));
    }
    // An unknown method is called with the messages of a known one.
    const known = methods.get(spec.method) || methods.values().next().value;
    results.push(await call(clients.get(compression), spec, known));
  }
  for (const client of clients.values()) {
    client.close();
  }
  process.stdout.write(JSON.stringify(results));
}

function call(client, spec, method) {
  return new Promise((resolve) => {
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(spec.metadata || {})) {
      metadata.set(name, value);
    }
    const result = { code: 0, details: '', response: null, headers: {} };
    const deadline = Date.now() + 1000 * (spec.timeout || 20);
    const running = client.makeUnaryRequest(
      spec.method, method.requestSerialize, method.responseDeserialize, spec.request, metadata, { deadline },
      (error, response) => {
        result.response = response || null;
        if (error) {
          result.code = error.code;
          result.details = error.details;
        }
      });
    running.on('metadata', (headers) => { result.headers = { ...result.headers, ...headers.getMap() }; });
    running.on('status', () => setImmediate(() => resolve(result)));
  });
}
