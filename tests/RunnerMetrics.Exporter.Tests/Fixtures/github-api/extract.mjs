// Takes the examples that GitHub gives of the answers that the exporter reads out of its OpenAPI document, as they stand there.
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz && node extract.mjs package/generated/api.github.com.json > examples.json
import { readFileSync } from 'node:fs';

const document = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const operations = [
  'GET /app/installations', 'POST /app/installations/{installation_id}/access_tokens', 'GET /app/hook/config', 'GET /app/hook/deliveries', 'GET /installation/repositories',
  'GET /orgs/{org}/repos', 'GET /orgs/{org}/hooks', 'GET /orgs/{org}/actions/runners', 'GET /repos/{owner}/{repo}/actions/runs',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs', 'GET /rate_limit',
];

const answers = {};
for (const operation of operations) {
  const [method, path] = operation.split(' ');
  const [, response] = Object.entries(document.paths[path][method.toLowerCase()].responses).find(([code]) => code.startsWith('2'));
  const [example] = Object.values(response.content['application/json'].examples);
  answers[operation] = (example.$ref ? document.components.examples[example.$ref.split('/').at(-1)] : example).value;
}

process.stdout.write(JSON.stringify({ source: `npm @octokit/openapi ${document.info.version}, api.github.com.json, MIT`, answers }, null, 1) + '\n');
