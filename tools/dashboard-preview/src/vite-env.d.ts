/** The Prometheus servers that vite.config.ts hands questions on to. */
declare const __SOURCES__: Array<{ name: string; path: string }>;
