// Holds dashboards against the types of @grafana/schema:  node check.mjs FILE...
// Prints a line for each problem, "FILE: where: what", and ends with 1 where there is any.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const folder = dirname(fileURLToPath(import.meta.url));

const schema = createGenerator({
  path: join(folder, 'dashboard.ts'),
  tsconfig: join(folder, 'tsconfig.json'),
  type: 'Checked',
  additionalProperties: false,
  expose: 'none', // the package has several types of one name
  topRef: false,
}).createSchema('Checked');

const ajv = new Ajv({ allErrors: true, strict: false });
const types = new Map(Object.entries(schema.properties).map(([name, type]) => [name, ajv.compile({ ...type, definitions: schema.definitions })]));

// Of a value that fits none of several forms, each form's complaint is listed.
function problems(type, value, where) {
  const validate = types.get(type);
  return validate(value)
    ? []
    : validate.errors.map((error) => {
        const what = error.params.additionalProperty ?? error.params.allowedValues?.join(', ') ?? '';
        return `${where}${error.instancePath}: ${error.message}${what === '' ? '' : `: ${what}`}`;
      });
}

function check(dashboard) {
  return [
    ...problems('__inputs' in dashboard ? 'imported' : 'file', dashboard, 'dashboard'),
    ...(dashboard.panels ?? []).flatMap((panel) => {
      const where = `panel "${panel.title}"`;
      return !['file', 'imported'].includes(panel.type) && types.has(panel.type) ? problems(panel.type, panel, where) : [`${where}: no type of panel that is checked: ${panel.type}`];
    }),
  ];
}

let found = 0;
for (const file of process.argv.slice(2)) {
  for (const problem of check(JSON.parse(readFileSync(file, 'utf8')))) {
    found++;
    console.log(`${file}: ${problem}`);
  }
}

process.exitCode = found === 0 ? 0 : 1;
