// Draws a plan's data in the page, with page.browser.js before it; runs in the browser only.
const { policies, found } = report;
const chosen = policies[policies.length - 1];

document.querySelector("h1").textContent = "Scaling plan";
document.getElementById("plan").textContent =
  `${report.profile}; goal: ${report.sharePercent} % of the first tokens within ${report.goalSeconds} s. ` +
  report.assumptions.join(". ");

figure(
  `${chosen.outcome.withinPercent.toFixed(1)} %`,
  `within the goal: ${chosen.name}`,
  !found.reached,
);
figure(chosen.outcome.nodeHours.toFixed(1), "node-hours");
if (chosen.outcome.usd !== undefined) figure(`$ ${chosen.outcome.usd.toFixed(2)}`, "of nodes");
figure(String(found.tried), "settings tried");

const first = chosen.buckets.map(({ second }) => second);
plot("Requests", "per second", first, [
  { label: "arrivals", values: chosen.buckets.map(({ rate }) => rate) },
]);
const times = chosen.samples.map(({ at }) => at);
const sampled = (read, wanted = policies) =>
  wanted.map((policy) => ({
    label: policy.name,
    values: policy.samples.map(read),
  }));
plot(
  "Replicas that exist",
  "replicas",
  times,
  sampled(({ existing }) => existing),
  true,
);
plot(
  `The chosen one: replicas, and requests over ${report.slots} slots`,
  "replicas",
  times,
  [
    { label: "ready", values: chosen.samples.map(({ ready }) => ready) },
    { label: "wanted", dash: [6, 4], values: chosen.samples.map(({ wanted }) => wanted) },
    {
      label: "needed",
      values: chosen.samples.map(({ running, waiting }) => (running + waiting) / report.slots),
    },
  ],
  true,
);
plot(
  "Missed the goal",
  "% of the requests",
  first,
  policies.map((policy) => ({
    label: policy.name,
    values: policy.buckets.map(({ missedPercent }) => missedPercent),
  })),
  true,
);

table("Policies", [
  ["", "replica-hours", "node-hours", "USD", "within", "p95 wait", "fallback", "refused"],
  ...policies.map(({ name, outcome }) => [
    name,
    outcome.replicaHours.toFixed(1),
    outcome.nodeHours.toFixed(1),
    outcome.usd === undefined ? "-" : outcome.usd.toFixed(2),
    `${outcome.withinPercent.toFixed(1)} %`,
    outcome.waitP95Seconds === undefined ? "-" : `${outcome.waitP95Seconds.toFixed(1)} s`,
    `${outcome.fallbackPercent.toFixed(1)} %`,
    `${outcome.refusedPercent.toFixed(1)} %`,
  ]),
]);
element("h2", "What they are", tables);
for (const { name, note } of policies) element("p", `${name}: ${note}`, tables);
element("h2", "Configuration to paste", tables);
element("pre", report.configuration, tables);
