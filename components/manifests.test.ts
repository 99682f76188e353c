/** Every Kubernetes manifest that stands in a fixture's `after/`, with what it stands beside, is one that a cluster takes. */
import { describe, expect, it } from "vitest";
import { components } from "./registry.ts";
import { fixturesOf } from "./testing/fixture.ts";
import { manifestFaults } from "./testing/manifest-faults.ts";

const isManifest = (text: string): boolean => /^apiVersion:/m.test(text) && /^kind:/m.test(text);
const written = components.flatMap((component) =>
  fixturesOf(component).flatMap(({ name, before, after }) =>
    after !== null && Object.entries(after).some(([file, text]) => /\.ya?ml$/.test(file) && isManifest(text))
      ? [{ name: `${component.id}/${name}`, files: { ...before, ...after } }]
      : [],
  ),
);

it("has manifests to look at", () => {
  expect(written.length).toBeGreaterThan(3);
});

it.each(written)("$name", ({ files }) => {
  expect(manifestFaults(files)).toEqual([]);
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: api
          ports: [{ containerPort: 3000 }]
          readinessProbe: { httpGet: { path: /, port: 3000 } }
`;
const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: api }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: api } } }
`;
const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: api }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api }, minReplicas: 2, maxReplicas: 4 }
`;
const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: api }
spec: { rules: [{ backendRefs: [{ name: api, port: 80 }] }] }
`;

describe("a manifest that is broken", () => {
  it("is told from one that is not", () => {
    expect(manifestFaults({ "a.yaml": [deployment, budget, scaler, route].join("---\n") })).toEqual([]);
  });

  it.each([
    ["a port as a word", deployment.replace("containerPort: 3000", 'containerPort: "3000"'), /containerPort/],
    [
      "a drop that is no list",
      deployment.replace("image: api", "image: api\n          securityContext: { capabilities: { drop: ALL } }"),
      /drop/,
    ],
    ["a probe of another port", deployment.replace("path: /, port: 3000", "path: /, port: 8080"), /asks port 8080/],
    [
      "a selector of others",
      deployment.replace("matchLabels: { app: api }", "matchLabels: { app: shop }"),
      /takes none/,
    ],
    ["a budget for nobody", deployment + "---\n" + budget.replace("app: api", "app: shop"), /keeps no/],
    ["a scaler of nothing", scaler, /not there/],
    [
      "two numbers of copies",
      `${deployment.replace("spec:\n", "spec:\n  replicas: 2\n")}---\n${scaler}`,
      /number of its own/,
    ],
    ["a word for a number", scaler.replace("minReplicas: 2", "minReplicas: two"), /minReplicas/],
    ["a route without a name", route.replace("name: api, port", "port"), /name/],
    ["an unknown kind", deployment.replace("apps/v1", "apps/v9"), /no schema/],
  ])("with %s", (_, text, fault) => {
    expect(manifestFaults({ "a.yaml": text }).join("\n")).toMatch(fault);
  });
});
