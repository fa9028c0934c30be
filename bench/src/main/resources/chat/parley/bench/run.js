const both = [["server", results.server], ["yardstick", results.yardstick]].filter(([, s]) => s);
const rounds = results.rounds;
const named = rounds.map((round, i) =>
  [`${round.target} ${rounds.slice(0, i + 1).filter(r => r.target === round.target).length}`, round]);
const server = rounds.filter(round => round.target === "server");
const last = server[server.length - 1];

const s = results.server;
verdict([s]);

const ratios = { cpuMicrosPerDelivery: "cpuPerDelivery", p50Ms: "p50", p99Ms: "p99" };
table("", ["", ...both.map(([name]) => name), ...(results.ratio ? ["ratio"] : [])],
  Object.keys(s).map(key => [key, ...both.map(([, of]) => number(of[key])),
    ...(results.ratio ? [ratios[key] ? number(results.ratio[ratios[key]]) : ""] : [])]));

if (last.deliveryMs.count > 0) {
  chart("From the scheduled send to the arrival, ms", {
    tooltip: { trigger: "axis", valueFormatter: number },
    xAxis: { type: "category", data: ["p50", "p90", "p99", "p99.9", "max"] },
    yAxis: { type: "log", name: "ms" },
    series: both.map(([name, of]) => ({ name, type: "line",
      data: [of.p50Ms, of.p90Ms, of.p99Ms, of.p999Ms, of.maxMs].map(v => Math.max(v, .01)) })),
  });
}
if (s.cpuMicrosPerDelivery > 0) {
  chart(results.scenario === "accept" ? "CPU per message, µs" : "CPU per delivery, µs", {
    xAxis: { type: "category", data: named.map(([name]) => name) }, yAxis: { type: "value" },
    legend: { show: false },
    series: [{ type: "bar", barMaxWidth: 48, data: named.map(([, r]) => ({
      value: r.cost.cpuMicrosPerDelivery,
      itemStyle: { color: r.target === "server" ? "#5470c6" : "#91cc75" } })) }],
  });
}
const time = { type: "value", name: "s", nameLocation: "middle", nameGap: 26 };
chart("Deliveries a second", {
  xAxis: time, yAxis: { type: "value" },
  series: named.map(([name, r]) => ({ name, type: "line", showSymbol: false,
    data: r.timeline.map(t => [t.at, t.deliveries]) })),
});
if (last.deliveryMs.count > 0) {
  chart("p99 of each second, ms (the warm-up too)", {
    xAxis: time, yAxis: { type: "value" },
    series: named.map(([name, r]) => ({ name, type: "line", showSymbol: false,
      data: r.timeline.filter(t => t.deliveries > 0).map(t => [t.at, t.p99Ms]) })),
  });
}
if (rounds.some(r => r.samples.length)) {
  chart("Cores in use", {
    xAxis: time, yAxis: { type: "value" },
    series: named.map(([name, r]) => ({ name, type: "line", showSymbol: false,
      data: r.samples.map(t => [t.at, t.cpu]) })),
  });
  chart("Resident memory, MiB", {
    xAxis: time, yAxis: { type: "value", scale: true },
    series: named.map(([name, r]) => ({ name, type: "line", showSymbol: false,
      data: r.samples.map(t => [t.at, t.rssMib]) })),
  });
}

if (last.opening.length > 2) memoryOfConnections("Memory while the connections were opened, MiB", last.opening);
if (last.bus) {
  table("On the server's event bus, last round", ["", ""],
    Object.entries(last.bus).map(([name, value]) => [name, number(value)]));
}
table("Rounds",
  ["", "ready", "accepted", "received", "lost", "refused", "p50 ms", "p99 ms", "CPU s", "µs each", "MiB", "bench CPU s"],
  named.map(([name, r]) => [name, r.connections.ready, r.messages.accepted, r.deliveries.received,
    r.deliveries.lost, Object.values(r.messages.refused).reduce((a, b) => a + b, 0),
    r.deliveryMs.p50, r.deliveryMs.p99, r.cost.cpuSeconds, r.cost.cpuMicrosPerDelivery,
    r.cost.rssMib, r.cost.benchCpuSeconds].map(number)));
table("Processes of the server, last round", ["process", "pid", "CPU s", "MiB"],
  last.cost.processes.map(p => [p.name, String(p.pid), number(p.cpuSeconds), number(p.rssMib)]));
table("The run", ["", ""], [...Object.entries(results.options), ...Object.entries(last.more),
  ...Object.entries(results.machine)].map(([name, value]) => [name, number(value)]));
