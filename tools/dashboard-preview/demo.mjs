// The demo behind a real Prometheus: the exporter with three simulated runners and a simulated GitHub, the automation worker's demo, and this machine's node_exporter.
//
// Needs the .NET SDK, and of Debian: prometheus, prometheus-node-exporter.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** How much shorter the demo's jobs are than real ones: as in the local stack, so that one takes longer than a scrape interval. */
export const speed = 20;

/** Dashboards take it from the data source; dashboards/prometheus/prometheus.yml has the same. */
export const scraped = '15s';

/** Lets the demo run, and leaves what Prometheus stored in a folder. */
export async function recordDemo(folder, minutes) {
  run('dotnet', ['build', 'src/RunnerMetrics.Demo', '--verbosity', 'quiet'], { cwd: root });
  run('dotnet', ['build', 'src/RunnerMetrics.AutomationWorker', '--verbosity', 'quiet'], { cwd: root });
  const [http, grpc, automation, node] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const targets = {
    'runner-metrics': ['exporter:9091', http],
    automation: ['automation:9464', automation],
    node: ['node-exporter:9100', node],
  };
  const config = join(folder, 'prometheus.yml');
  const programs = [];
  try {
    programs.push(
      start(programOf('RunnerMetrics.Demo', 'RunnerMetrics.Demo'), ['--speed', `${speed}`, '--http-port', `${http}`, '--grpc-port', `${grpc}`]),
      start(programOf('RunnerMetrics.AutomationWorker', 'runner-metrics-automation'), ['demo', '--http-port', `${automation}`, '--log-level', 'error']),
      // What other programs mount for a while is none of the machine's disks.
      start('prometheus-node-exporter', [
        `--web.listen-address=127.0.0.1:${node}`,
        '--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|tmp|var/lib)($|/)',
        '--no-collector.systemd',
        '--log.level=error',
      ])
    );
    // JSON is YAML. The instances have the names of the local stack, not the ports of this run.
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: scraped, evaluation_interval: scraped },
        rule_files: [join(root, 'dashboards/prometheus/rules/*.yml')],
        scrape_configs: Object.entries(targets).map(([job_name, [instance, port]]) => ({
          job_name,
          static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { instance } }],
        })),
      })
    );
    const prometheus = await startPrometheus(join(folder, 'data'), config);
    programs.push(prometheus);
    const ended = Promise.race(programs.map(({ ended }) => ended.then((how) => Promise.reject(new Error(how)))));
    await Promise.race([ended, allUp(prometheus.address, Object.keys(targets))]);
    console.log(`The demo runs for ${minutes} minutes; its Prometheus is at ${prometheus.address}`);
    await Promise.race([ended, wait(minutes * 60_000 + untilLabelsFit(Date.now() + minutes * 60_000))]);
    writeFileSync(join(folder, 'end'), `${Date.now()}`);
  } finally {
    await Promise.all(programs.map(({ stop }) => stop()));
  }
}

/** Starts a Prometheus with what is stored in a folder, and what a configuration tells it to scrape. */
export async function startPrometheus(data, config) {
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const program = start('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=5y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ]);
  const address = `http://127.0.0.1:${port}`;
  try {
    await until(async () => (await fetch(`${address}/-/ready`).catch(() => null))?.ok, 'Prometheus does not start');
  } catch (error) {
    await program.stop();
    throw error;
  }

  return { ...program, address };
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export function run(program, args, { allowed = [0], ...rest } = {}) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', ...rest });
  if (error || !allowed.includes(status)) {
    throw new Error(`${program} ended with ${error?.message ?? status}`);
  }
}

// A graph that ends at a full minute of its axis cuts that label: three minutes past each fifth are far from all of them.
function untilLabelsFit(end) {
  return (480_000 - (end % 300_000)) % 300_000;
}

async function allUp(address, jobs) {
  await until(async () => {
    const answer = await (await fetch(`${address}/api/v1/query?query=up`)).json();
    const up = answer.data.result.filter(({ value }) => value[1] === '1').map(({ metric }) => metric.job);
    return jobs.every((job) => up.includes(job));
  }, `not all of ${jobs.join(', ')} can be scraped`);
}

async function until(holds, otherwise) {
  for (const end = Date.now() + 120_000; Date.now() < end; await wait(250)) {
    if (await holds()) {
      return;
    }
  }

  throw new Error(otherwise);
}

function start(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  process.once('exit', () => child.kill());
  let isRunning = true;
  const ended = new Promise((resolve) => {
    const end = (how) => {
      isRunning = false;
      resolve(`${program} ended: ${how}`);
    };
    child.once('exit', (code, signal) => end(code ?? signal)).once('error', ({ message }) => end(message));
  });
  return {
    ended,
    // Told again, since a program that has just begun to start may not hear it.
    stop: async () => {
      while (isRunning) {
        child.kill();
        await Promise.race([ended, wait(20_000, undefined, { ref: false })]);
      }
    },
  };
}

function programOf(project, name) {
  return join(root, 'src', project, 'bin/Debug/net10.0', name);
}
