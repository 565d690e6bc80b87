// Whether exported projects are sound: every node by the definition of its kind in sdk.schema, every expression, template
// and intent read by the vendor's own parsers, and every dialog, template and property that is named is there. Composer's own
// checks look for none of the last.
//   node sound.cjs SDK_SCHEMA PROJECT..
const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const packages = createRequire(path.join(process.env.COMPOSER_PACKAGES, "package.json"));
const Ajv = packages("ajv").default;
const { Expression } = packages("adaptive-expressions");
const { Templates } = packages("botbuilder-lg");
const { luParser } = packages("@microsoft/bf-lu/lib/parser/composerindex").sectionHandler;

const [schemaFile, ...projects] = process.argv.slice(2);
const schema = JSON.parse(fs.readFileSync(schemaFile, "utf8").replace(/^\uFEFF/, ""));
delete schema.$schema;
schema.$id = "sdk";
const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false });
ajv.addSchema(schema);
const compiled = new Map();
const NOISE = new Set(["oneOf", "anyOf", "if", "const", "allOf"]);
// Properties whose text is an expression with or without `=`.
const CONDITIONS = new Set(["condition"]);

function definition(kind) {
  if (!compiled.has(kind)) {
    const known = schema.definitions[kind];
    compiled.set(kind, known ? ajv.compile({ $ref: `sdk#/definitions/${kind.replaceAll("/", "~1")}` }) : null);
  }
  return compiled.get(kind);
}

function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const whole = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(whole) : [whole];
  });
}

/** Every object and list below a value, with its path. */
function* walk(value, at = "$") {
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) yield* walk(one, `${at}[${i}]`);
  } else if (value && typeof value === "object") {
    yield [value, at];
    for (const [key, one] of Object.entries(value)) if (key !== "$designer") yield* walk(one, `${at}.${key}`);
  }
}

function bySchema(node, at, wrong) {
  const check = definition(node.$kind);
  if (!check) {
    wrong(at, `no kind ${node.$kind}`);
  } else if (!check(node)) {
    const own = check.errors.filter((one) => !NOISE.has(one.keyword) && !one.schemaPath.includes("/oneOf/"));
    for (const one of (own.length ? own : check.errors.slice(0, 1)).slice(0, 3)) {
      wrong(at + one.instancePath, `${one.message} ${JSON.stringify(one.params)}`);
    }
  }
}

function expressions(node, at, templates, wrong) {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value !== "string" || key.startsWith("$")) continue;
    const expression = CONDITIONS.has(key) ? value.replace(/^=/, "") : value.startsWith("=") ? value.slice(1) : null;
    if (expression !== null) {
      try {
        Expression.parse(expression);
      } catch (error) {
        wrong(`${at}.${key}`, `${error.message}: ${expression}`);
      }
    }
    for (const named of value.matchAll(/^\$\{(\w+)\(\)\}$/g)) {
      if (!templates.has(named[1])) wrong(`${at}.${key}`, `no template ${named[1]}`);
    }
  }
}

function templatesOf(files, wrong) {
  const byName = new Map();
  const all = files.filter((file) => file.endsWith(".lg"));
  const find = (id) => all.find((file) => path.basename(file).replace(/\.[\w-]+\.lg$/, ".lg") === path.basename(id));
  for (const file of all) {
    const read = Templates.parseText(fs.readFileSync(file, "utf8"), path.basename(file), (_, id) => {
      const hit = find(String(id.id ?? id));
      return { id: String(id.id ?? id), content: hit ? fs.readFileSync(hit, "utf8") : "", fullName: hit ?? "" };
    });
    for (const one of read.diagnostics) if (one.severity === 0) wrong(path.basename(file), one.message);
    byName.set(path.basename(file).replace(/\.[\w-]+\.lg$/, ""), new Set(read.allTemplates.map((one) => one.name)));
  }
  return byName;
}

function references(documents, wrong) {
  for (const [file, document] of documents) {
    for (const [node, at] of walk(document)) {
      if (typeof node.dialog === "string" && node.$kind !== "Microsoft.Test.Script" && !documents.has(node.dialog)) {
        wrong(`${file}${at}`, `no dialog ${node.dialog}`);
      }
    }
  }
}

/** A root whose order would not be that of the flow. */
function order(document, wrong) {
  const priorities = document.triggers.map((one) => one.priority);
  if (document.selector?.$kind !== "Microsoft.FirstSelector") wrong("$.selector", "the selector is not FirstSelector");
  if (priorities.some((one, at) => one !== at)) wrong("$.triggers", `priorities ${priorities.join(" ")}`);
}

/** Whether each mark of the designer stands once. */
function marks(documents, wrong) {
  const seen = new Map();
  for (const [file, document] of documents) {
    for (const [node, at] of walk(document)) {
      const id = node.$designer?.id;
      if (id === undefined) continue;
      if (seen.has(id)) wrong(`${file}${at}`, `the mark ${id} stands at ${seen.get(id)} too`);
      seen.set(id, `${file}${at}`);
    }
  }
}

function luFiles(files, wrong) {
  for (const file of files.filter((one) => one.endsWith(".lu"))) {
    const text = fs.readFileSync(file, "utf8");
    if (!text.trim()) continue;
    const read = luParser.parse(text);
    for (const one of read.Errors ?? []) wrong(path.basename(file), one.Message ?? JSON.stringify(one));
  }
}

function look(project) {
  const found = [];
  const wrong = (at, why) => found.push(`${at}: ${why}`);
  const files = filesBelow(project);
  const templates = templatesOf(files, wrong);
  const documents = new Map();
  for (const file of files.filter((one) => one.endsWith(".dialog") && !one.endsWith(".test.dialog"))) {
    documents.set(path.basename(file, ".dialog"), JSON.parse(fs.readFileSync(file, "utf8")));
  }
  let nodes = 0;
  for (const [name, document] of documents) {
    const said = templates.get(path.basename(document.generator ?? name, ".lg"));
    for (const [node, at] of walk(document)) {
      expressions(node, name + at, said ?? new Set(), wrong);
      if (typeof node.$kind !== "string") continue;
      nodes += 1;
      bySchema(node, name + at, wrong);
    }
  }
  references(documents, wrong);
  marks(documents, wrong);
  const bot = path.basename(files.find((one) => one.endsWith(".botproj")), ".botproj");
  order(documents.get(bot), wrong);
  luFiles(files, wrong);
  for (const one of found.slice(0, Number(process.env.SHOWN ?? 12))) console.log(`${path.basename(project)}: ${one}`);
  console.log(`${path.basename(project)}: ${documents.size} dialogs, ${nodes} nodes, ${found.length} findings`);
  return found.length;
}

process.exitCode = projects.map(look).reduce((sum, one) => sum + one, 0) ? 1 : 0;
