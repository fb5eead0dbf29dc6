// Holds Kubernetes manifests to the API's own types: a required field that is missing, a value of the wrong type, and a field that nobody knows are errors.
//   node check.js <manifests.yaml
// Each document becomes an object literal of its kind's type, and the TypeScript compiler says what is wrong with it. Exit code 0: nothing. No network, no cluster.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import YAML from "yaml";

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = ["kubernetes-models", "@kubernetes-models/prometheus-operator"];

// apps/v1 Deployment is kubernetes-models/apps/v1/Deployment.
function moduleOf({ apiVersion, kind }) {
  const name = packages.map((name) => `${name}/${apiVersion}/${kind}`).find((name) => existsSync(path.join(here, "node_modules", `${name}.d.ts`)));
  if (!name) {
    throw new Error(`No type is known for ${kind} of ${apiVersion}.`);
  }
  return name;
}

const documents = YAML.parseAllDocuments(readFileSync(0, "utf8")).map((document) => {
  if (document.errors.length > 0) {
    throw document.errors[0];
  }
  return document.toJS();
}).filter((document) => document);
const source = documents.map((document, i) =>
  `import type { I${document.kind} as T${i} } from "${moduleOf(document)}";\nexport const ${document.kind}${i}: T${i} = ${JSON.stringify(document, null, 2)};\n`).join("");

const file = path.join(here, "manifests.ts");
const options = {
  strict: true, noEmit: true, skipLibCheck: true, types: [],
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
};
const host = ts.createCompilerHost(options);
const { readFile, fileExists, getSourceFile } = host;
host.readFile = (name) => (path.resolve(name) === file ? source : readFile(name));
host.fileExists = (name) => path.resolve(name) === file || fileExists(name);
host.getSourceFile = (name, ...more) => (path.resolve(name) === file ? ts.createSourceFile(name, source, options.target) : getSourceFile(name, ...more));
const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
for (const problem of problems) {
  const at = problem.file && problem.start !== undefined ? problem.file.text.split("\n")[problem.file.getLineAndCharacterOfPosition(problem.start).line].trim() : "";
  console.error(`${at}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
}
console.log(`${documents.length} documents, ${problems.length} problems`);
process.exitCode = documents.length > 0 && problems.length === 0 ? 0 : 1;
