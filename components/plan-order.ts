/** In which order components change an app, and why: each step sees the tree that the earlier ones leave. */

export interface Turn {
  component: string;
  reason: string;
  /** Of a component that has two turns: the rules whose findings wait for this one. */
  rules?: readonly string[];
}

export const planOrder: readonly Turn[] = [
  { component: "ci-cd", reason: "First, so that every later change is tested before it is merged." },
  {
    component: "load-balancer",
    reason: "What a second copy needs comes before what runs in it; the Redis that it brings serves the others, too.",
  },
  {
    component: "pub-sub",
    reason: "News between processes travel by the same Redis, which the queue then finds there.",
  },
  { component: "queue", reason: "Slow calls leave the request path before the calls that remain there are made safe." },
  {
    component: "object-storage",
    reason: "Users' files leave the disk before limits, headers and the image settle around the code that keeps them.",
  },
  {
    component: "resilience",
    reason: "Timeouts and isolation for the outside calls that still run while a user waits.",
  },
  { component: "api-gateway", reason: "Limits at the door, once it is known which routes stay expensive." },
  { component: "monitoring", reason: "Health endpoints, which shutdown flips and containers probe." },
  {
    component: "scheduler",
    reason: "Schedules are claimed through clients that may have to be exported first, which shutdown then closes.",
  },
  {
    component: "shutdown",
    reason: "After queue and monitoring: it closes what they opened and flips the readiness they brought.",
  },
  { component: "database", reason: "Indexes stand by themselves; their migration runs with those that are there." },
  {
    component: "cache",
    reason: "Once queries are cheap and calls end in time: what is still asked for over and over is made once.",
  },
  {
    component: "containers",
    reason: "The image and the compose file package every process and service that the others added.",
  },
  {
    component: "load-balancer",
    rules: ["load-balancer/single-instance"],
    reason:
      "Behind everything: the proxy stands before the compose file as it is now, and a second copy is started only once nothing is left that it would break.",
  },
];

/** A component's turn: it mends the findings of these rules, all of them where the component has one turn only. */
interface Due<T> {
  component: T;
  reason: string;
  isDue: (rule: string) => boolean;
  /** It has had a turn before. */
  isLate: boolean;
}

/** Sorts by the plan's order; components that it does not name come behind, in the order given. */
export function inPlanOrder<T extends { id: string }>(components: readonly T[]): Due<T>[] {
  const late = new Set(planOrder.flatMap(({ rules }) => rules ?? []));
  const named = planOrder.flatMap(({ component: id, reason, rules }): Due<T>[] => {
    const component = components.find((candidate) => candidate.id === id);
    const isDue = (rule: string): boolean => rules?.includes(rule) ?? !late.has(rule);
    return component === undefined ? [] : [{ component, reason, isDue, isLate: rules !== undefined }];
  });
  const rest = components.filter((component) => !planOrder.some((turn) => turn.component === component.id));
  const behind = { reason: "After the parts it may build on.", isDue: () => true, isLate: false };
  return [...named, ...rest.map((component) => ({ component, ...behind }))];
}
