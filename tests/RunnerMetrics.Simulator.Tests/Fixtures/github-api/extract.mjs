// Takes out of GitHub's OpenAPI document what the simulated API answers, with the schemas below it, and leaves out what only people read.
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz && node extract.mjs package/generated/api.github.com.json > openapi.json
import { readFileSync } from 'node:fs';

const document = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const operations = [
  'GET /app', 'GET /app/installations', 'POST /app/installations/{installation_id}/access_tokens', 'GET /app/hook/config', 'GET /app/hook/deliveries', 'POST /app/hook/deliveries/{delivery_id}/attempts',
  'GET /installation/repositories', 'GET /orgs/{org}/repos', 'GET /orgs/{org}/actions/runners', 'GET /orgs/{org}/hooks', 'GET /orgs/{org}/hooks/{hook_id}/deliveries',
  'POST /orgs/{org}/hooks/{hook_id}/deliveries/{delivery_id}/attempts', 'GET /repos/{owner}/{repo}', 'GET /repos/{owner}/{repo}/actions/runners', 'GET /repos/{owner}/{repo}/actions/runs',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
];

const forPeople = new Set(['description', 'example', 'examples', 'title', 'default', 'deprecated', 'externalDocs']);
const schemas = {};

// Below "properties" a name is a field's, whatever it says.
function prune(node, areNames = false) {
  if (Array.isArray(node)) return node.map(item => prune(item));
  if (node === null || typeof node !== 'object') return node;
  const kept = {};
  for (const [key, value] of Object.entries(node)) {
    if (!areNames && (forPeople.has(key) || key.startsWith('x-'))) continue;
    if (key === '$ref' && typeof value === 'string') take(value);
    kept[key] = prune(value, key === 'properties' && !areNames);
  }
  return kept;
}

function take(reference) {
  const name = reference.split('/').at(-1);
  if (!reference.startsWith('#/components/schemas/') || name in schemas) return;
  schemas[name] = {};
  schemas[name] = prune(document.components.schemas[name]);
}

const answers = {};
for (const operation of operations) {
  const [method, path] = operation.split(' ');
  const responses = document.paths[path][method.toLowerCase()].responses;
  const [status, response] = Object.entries(responses).find(([code]) => code.startsWith('2'));
  const content = response.content ?? document.components.responses[response.$ref?.split('/').at(-1)]?.content;
  answers[operation] = { status: Number(status), schema: prune(content['application/json'].schema) };
}

const sorted = Object.fromEntries(Object.entries(schemas).sort());
process.stdout.write(JSON.stringify({ source: `npm @octokit/openapi ${document.info.version}, api.github.com.json, MIT`, answers, components: { schemas: sorted } }, null, 1) + '\n');
