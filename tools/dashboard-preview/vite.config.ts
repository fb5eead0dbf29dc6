import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// PROMETHEUS_URL is one address, or several with names: "staging=http://10.0.0.5:9090,production=https://prometheus.example".
// The page asks its own server for /prometheus/0, /prometheus/1, …, which hands the question on: a Prometheus needs no CORS header for it.
const sources = (process.env.PROMETHEUS_URL ?? 'http://localhost:9090').split(',').map((entry) => {
  const parts = /^([\w-]+)=(.+)$/.exec(entry.trim());
  return parts ? { name: parts[1], url: parts[2] } : { name: 'Prometheus', url: entry.trim() };
});

const proxy = Object.fromEntries(
  sources.map((source, index) => [
    `/prometheus/${index}/`,
    { target: source.url.replace(/\/$/, ''), changeOrigin: true, rewrite: (path: string) => path.slice(`/prometheus/${index}`.length) },
  ])
);

export default defineConfig({
  plugins: [react()],
  publicDir: 'node_modules/@grafana/ui/dist/public',
  define: {
    __SOURCES__: JSON.stringify(sources.map((source, index) => ({ name: source.name, path: `/prometheus/${index}` }))),
    'process.env': '{}',
  },
  // The dashboards stand in another folder.
  server: { proxy, fs: { allow: ['.', '../../dashboards/grafana'] } },
  preview: { proxy },
  // Node cannot import what @grafana/data imports of CommonJS; Vite can.
  test: { include: ['test/*.test.ts'], server: { deps: { inline: [/@grafana\//] } } },
  build: { chunkSizeWarningLimit: 10_000 },
});
