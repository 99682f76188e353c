/**
 * The import law of the house: above imports below, never the other way, never sideways between doors,
 * components, or tools. Each rule carries its reason.
 */
const below = {
  analyzers: [],
  patches: ["analyzers"],
  verify: ["analyzers", "patches"],
  components: ["analyzers", "patches", "verify"],
  prompts: ["analyzers", "patches", "verify", "components"],
  report: ["analyzers", "patches", "verify", "components", "prompts"],
  cli: ["analyzers", "patches", "verify", "components", "prompts", "report", "server"],
  server: ["analyzers", "patches", "verify", "components", "prompts", "report"],
};

const layers = Object.entries(below).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  severity: "error",
  comment: `${layer}/ may import ${allowed.length > 0 ? allowed.join(", ") : "nothing else of the house"}: the data flows one way, and so do the imports.`,
  from: { path: `^${layer}/` },
  to: {
    path: `^(${Object.keys(below).join("|")}|github-app|e2e|bench)/`,
    pathNot: `^(${[layer, ...allowed].join("|")})/`,
  },
}));

const fsAllowed =
  "^(analyzers/repo/|patches/apply/|patches/templates\\.ts|verify/|components/testing/|components/new-component\\.ts|report/write-generated\\.ts)|\\.test\\.ts$";

export default {
  forbidden: [
    ...layers.map((rule) =>
      rule.name === "layer-cli"
        ? {
            ...rule,
            to: {
              ...rule.to,
              pathNot: "^(analyzers|patches|verify|components|prompts|report|cli)/|^server/index\\.ts$",
            },
          }
        : rule,
    ),
    {
      name: "components-are-islands",
      severity: "error",
      comment: "A component never imports a component: what two of them need belongs to the stage below.",
      from: { path: "^components/([^/]+)/", pathNot: "^components/(testing|_template)/" },
      to: { path: "^components/([^/]+)/", pathNot: ["^components/$1/", "^components/testing/"] },
    },
    {
      name: "tools-are-islands",
      severity: "error",
      comment: "An MCP tool never imports a tool; they meet in server/tools.ts.",
      from: { path: "^server/tools/([^/]+)\\.ts$" },
      to: { path: "^server/tools/", pathNot: "^server/tools/$1(\\.test)?\\.ts$" },
    },
    {
      name: "verbs-are-islands",
      severity: "error",
      comment: "A verb never imports a verb; they meet in cli/main.ts.",
      from: { path: "^cli/verbs/([^/]+)\\.ts$" },
      to: { path: "^cli/verbs/", pathNot: "^cli/verbs/$1(\\.test)?\\.ts$" },
    },
    {
      name: "fs-at-the-edges",
      severity: "error",
      comment:
        "Files are touched only where trees are read, patches are written and stacks are booted; everything else is a pure function.",
      from: { path: "^(analyzers|patches|verify|components|prompts|report)/", pathNot: fsAllowed },
      to: { path: "^(node:)?fs(/promises)?$" },
    },
    {
      name: "processes-and-network-in-the-lab",
      severity: "error",
      comment: "Child processes and sockets belong to the lab; no code of a target ever runs outside it.",
      from: {
        path: "^(analyzers|patches|components|prompts|report|cli|server)/",
        pathNot: "\\.test\\.ts$|^(components|prompts)/testing/",
      },
      to: { path: "^(node:)?(child_process|net|tls|http|https|dgram)$" },
    },
    {
      name: "sdk-in-the-server-only",
      severity: "error",
      comment: "The MCP SDK still moves; one folder adapts to it.",
      from: { pathNot: "^(server|e2e)/" },
      to: { path: "node_modules/@modelcontextprotocol/" },
    },
    {
      name: "parser-behind-its-adapter",
      severity: "error",
      comment: "oxc's lazy mode is experimental and pinned: one adapter knows it.",
      from: { pathNot: "^(analyzers/extract/|bench/)" },
      to: { path: "node_modules/oxc-parser/" },
    },
    {
      name: "ts-morph-in-the-pen",
      severity: "error",
      comment: "ts-morph is 17 times slower than the extractor; only the few files a patch touches are opened with it.",
      from: { pathNot: "^(patches/|components/testing/)" },
      to: { path: "node_modules/ts-morph/" },
    },
    {
      name: "model-behind-its-client",
      severity: "error",
      comment:
        "One folder speaks to a model: what is sent, how long it may take and what it may cost is decided there.",
      from: { pathNot: "^prompts/client/" },
      to: { path: "node_modules/openai/" },
    },
    {
      name: "no-tests-from-source",
      severity: "error",
      comment: "Source never imports a test or the test harness.",
      from: {
        path: "^(analyzers|patches|verify|components|prompts|report|cli|server)/",
        pathNot: "\\.test\\.ts$|^(components|prompts)/testing/",
      },
      to: { path: "\\.test\\.ts$|^(components|prompts)/testing/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "A cycle hides which of two files is the lower one.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/(fixtures|templates)/|^e2e/apps/" },
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
