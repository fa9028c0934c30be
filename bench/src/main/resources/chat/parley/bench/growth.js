const sizes = results.sizes;
verdict(sizes.map(size => size.server));

table("", ["members", "connected", "messages a second", "deliveries a second", "CPU per delivery, µs", "yardstick's", "ratio",
  "p50 ms", "p99 ms", "bus deliveries per message", "bus messages per message", "memory, MiB", "lost"],
  sizes.map(({ members, server, yardstick, ratio, bus }) => [members, server.connections, server.acceptedPerSecond,
    server.deliveriesPerSecond, server.cpuMicrosPerDelivery, yardstick.cpuMicrosPerDelivery, ratio.cpuPerDelivery,
    server.p50Ms, server.p99Ms, bus ? bus.deliveriesPerMessage : "", bus ? bus.busMessagesPerMessage : "",
    server.rssMib, server.lost].map(number)));
if (results.connectionKib > 0) {
  add("p", { textContent: `Memory of a connection: ${number(results.connectionKib)} KiB.` });
}

const members = { type: "log", name: "members", nameLocation: "middle", nameGap: 26 };
const over = (name, figure) => ({ name, type: "line", data: sizes.map(size => [size.members, figure(size)]) });
chart("CPU per delivery, µs", {
  xAxis: members, yAxis: { type: "value" },
  series: [over("server", size => size.server.cpuMicrosPerDelivery),
    over("yardstick", size => size.yardstick.cpuMicrosPerDelivery)],
});
chart("CPU per delivery, times the yardstick's", {
  xAxis: members, yAxis: { type: "value", min: 0 }, legend: { show: false },
  series: [over("ratio", size => size.ratio.cpuPerDelivery)],
});
if (sizes.every(size => size.bus)) {
  chart("On the bus, per chat message", {
    xAxis: members, yAxis: { type: "value", min: 0 },
    series: [over("deliveries to nodes", size => size.bus.deliveriesPerMessage),
      over("all of a message's way", size => size.bus.busMessagesPerMessage)],
  });
}
const largest = sizes.flatMap(size => size.rounds).filter(round => round.target === "server")
  .reduce((most, round) => round.opening.length >= most.length ? round.opening : most, []);
if (largest.length > 2) {
  memoryOfConnections("Memory of the server while the largest group was opened, MiB", largest);
}
chart("From the scheduled send to the arrival, ms", {
  xAxis: members, yAxis: { type: "log" },
  series: [over("p50", size => size.server.p50Ms), over("p99", size => size.server.p99Ms),
    over("yardstick p99", size => size.yardstick.p99Ms)],
});

table("On the server's event bus", ["members", ...Object.keys(sizes[0].bus ?? {})],
  sizes.filter(size => size.bus).map(size => [size.members, ...Object.values(size.bus)].map(number)));
table("The run", ["", ""],
  [...Object.entries(results.options), ...Object.entries(results.machine)].map(([name, value]) => [name, number(value)]));
