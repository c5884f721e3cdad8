// Up to 64 cards as what they are: cards of a server on a ring, ICN switches inside it, PCIe switches and NICs around it,
// fabric switches in rows above. A line is a link; its heat is that of its busier direction.
Report.topology_drawing = (() => {
    const {svg, el, tip, details} = Report.dom;
    const {format, colours} = Report;
    const kTurn = Math.PI * 2;
    const kOrder = ["card", "icn_switch", "pcie_switch", "nic"];
    const kRing = {pcie_switch: 1.24, nic: 1.44}; // of the ring of cards
    const kWords = {
        card: "cards",
        icn_switch: "ICN switches",
        pcie_switch: "PCIe switches",
        nic: "NICs",
        ethernet_switch: "Ethernet switches",
        switch: "switches",
    };

    const in_server = node => node.server !== null && node.server !== undefined && node.server >= 0;

    function neighbours_of(topology) {
        const lists = topology.nodes.map(() => []);
        for (const link of topology.links) {
            lists[link.a].push(link.b);
            lists[link.b].push(link.a);
        }
        return lists;
    }

    // Of the ring of cards; several servers stand closer.
    function radius_of(cards, servers) {
        return Math.max(46, cards * (servers > 1 ? 7 : 10.5));
    }

    // Places on one ring, near the direction in which their neighbours lie, at least a step apart.
    function spread(indices, wanted, least) {
        const order = [...indices].sort((a, b) => wanted.get(a) - wanted.get(b) || a - b);
        const angles = order.map(index => wanted.get(index));
        for (let pass = 0; pass < 60; ++pass) {
            for (let i = 0; i + 1 < angles.length; ++i) {
                const lack = least - (angles[i + 1] - angles[i]);
                if (lack > 1e-6) {
                    angles[i] -= lack / 2;
                    angles[i + 1] += lack / 2;
                }
            }
        }
        return new Map(order.map((index, i) => [index, angles[i]]));
    }

    function place_server(topology, members, neighbours, centre, radius, places) {
        const of = kind => members.filter(index => topology.nodes[index].kind === kind);
        const cards = of("card");
        const angle = new Map();
        cards.forEach((index, i) => angle.set(index, (kTurn * (i + 0.5)) / cards.length - Math.PI / 2));
        const at = (index, distance, turn) =>
            places.set(index, {x: centre.x + Math.cos(turn) * distance, y: centre.y + Math.sin(turn) * distance});
        cards.forEach(index => at(index, cards.length === 1 ? 0 : radius, angle.get(index)));
        of("icn_switch").forEach((index, i, all) =>
            at(index, all.length === 1 ? 0 : radius * 0.42, (kTurn * i) / all.length),
        );
        for (const kind of ["pcie_switch", "nic"]) {
            const those = of(kind);
            const wanted = new Map(
                those.map(index => {
                    const known = neighbours[index].filter(other => angle.has(other)).map(other => angle.get(other));
                    const x = known.reduce((sum, turn) => sum + Math.cos(turn), 0),
                        y = known.reduce((sum, turn) => sum + Math.sin(turn), 0);
                    return [index, known.length ? Math.atan2(y, x) : (kTurn * index) / topology.nodes.length];
                }),
            );
            const placed = spread(those, wanted, Math.min(0.14, kTurn / Math.max(those.length, 1)));
            placed.forEach((turn, index) => {
                angle.set(index, turn);
                at(index, radius * kRing[kind], turn);
            });
        }
        members
            .filter(index => !kOrder.includes(topology.nodes[index].kind))
            .forEach((index, i) => at(index, radius * 1.62, i * 0.3));
    }

    // Fabric switches by how many links away from the servers they are.
    function levels_of(topology, neighbours) {
        const level = new Map();
        let frontier = topology.nodes.flatMap((node, i) => (in_server(node) ? [i] : []));
        frontier.forEach(index => level.set(index, 0));
        for (let depth = 1; frontier.length; ++depth) {
            const next = [];
            for (const index of frontier)
                for (const other of neighbours[index]) {
                    if (!level.has(other)) {
                        level.set(other, depth);
                        next.push(other);
                    }
                }
            frontier = next;
        }
        return level;
    }

    function layout(topology) {
        const neighbours = neighbours_of(topology);
        const servers = new Map();
        topology.nodes.forEach((node, i) => {
            if (in_server(node)) servers.set(node.server, [...(servers.get(node.server) || []), i]);
        });
        const most = [...servers.values()].reduce(
            (n, members) => Math.max(n, members.filter(i => topology.nodes[i].kind === "card").length),
            1,
        );
        const around = topology.nodes.some(node => node.kind === "nic" || node.kind === "pcie_switch");
        const radius = radius_of(most, servers.size);
        const block = 2 * radius * (around ? 1.5 : 1.1) + 30;
        const columns = Math.min(servers.size || 1, Math.max(1, Math.floor(1650 / block)));
        const level = levels_of(topology, neighbours);
        const rows_above = Math.max(0, ...topology.nodes.map((node, i) => (in_server(node) ? 0 : level.get(i) || 1)));
        const top = rows_above * 70 + (rows_above ? 10 : 0);
        const places = new Map();
        [...servers].forEach(([, members], i) =>
            place_server(
                topology,
                members,
                neighbours,
                {x: ((i % columns) + 0.5) * block, y: top + (Math.floor(i / columns) + 0.5) * block},
                radius,
                places,
            ),
        );
        const width = columns * block;
        for (let depth = 1; depth <= rows_above; ++depth) {
            const row = topology.nodes
                .map((_, i) => i)
                .filter(i => !in_server(topology.nodes[i]) && (level.get(i) || 1) === depth);
            row.forEach((index, i) =>
                places.set(index, {x: (width * (i + 0.5)) / row.length, y: top - depth * 70 + 30}),
            );
        }
        const rows = Math.ceil((servers.size || 1) / columns);
        return {places, width, height: top + rows * block, servers: [...servers.keys()], block, columns, top};
    }

    function symbol(node, place) {
        const common = {class: `node ${node.kind}`, "data-node": node.name};
        if (node.kind === "card") return svg("circle", {...common, cx: place.x, cy: place.y, r: 9});
        if (node.kind === "nic")
            return svg("rect", {...common, x: place.x - 4.5, y: place.y - 4.5, width: 9, height: 9});
        if (node.kind === "pcie_switch")
            return svg("rect", {
                ...common,
                x: place.x - 6,
                y: place.y - 6,
                width: 12,
                height: 12,
                transform: `rotate(45 ${place.x} ${place.y})`,
            });
        return svg("rect", {...common, x: place.x - 14, y: place.y - 8, width: 28, height: 16, rx: 3});
    }

    const number_in = name => (/(\d+)$/.exec(name) || ["", ""])[1];

    function draw(topology) {
        const plan = layout(topology);
        const load = link => Math.max(link.ab || 0, link.ba || 0);
        const drawn = topology.links.map((link, i) => ({link, i})).sort((a, b) => load(a.link) - load(b.link)); // the busiest on top
        const lines = drawn.map(({link}) => {
            const a = plan.places.get(link.a),
                b = plan.places.get(link.b);
            const line = svg("line", {
                class: "link",
                x1: a.x,
                y1: a.y,
                x2: b.x,
                y2: b.y,
                "data-class": link.class,
                "data-load": load(link),
            });
            const from = topology.nodes[link.a].name,
                to = topology.nodes[link.b].name;
            tip.attach(line, () => [
                `${from} – ${to}`,
                `${link.class}, ${format.text(link.bandwidth_bytes_per_s, "bandwidth")} a direction`,
                `there ${format.percent(link.ab || 0)} busy`,
                `back ${format.percent(link.ba || 0)} busy`,
            ]);
            return line;
        });
        const symbols = topology.nodes.map((node, i) => {
            const shape = symbol(node, plan.places.get(i));
            tip.attach(shape, () => [
                node.name,
                format.words(node.kind),
                in_server(node) ? `server ${node.server}` : "fabric",
            ]);
            return shape;
        });
        const labels = topology.nodes.map((node, i) =>
            node.kind !== "card"
                ? null
                : svg(
                      "text",
                      {class: "node-label", x: plan.places.get(i).x, y: plan.places.get(i).y + 3},
                      number_in(node.name),
                  ),
        );
        const titles =
            plan.servers.length < 2
                ? null
                : plan.servers.map((server, i) =>
                      svg(
                          "text",
                          {
                              class: "server-label",
                              x: ((i % plan.columns) + 0.5) * plan.block,
                              y: plan.top + (Math.floor(i / plan.columns) + 1) * plan.block - 6,
                          },
                          `server ${server}`,
                      ),
                  );
        const picture = svg(
            "svg",
            {
                class: "topology",
                viewBox: `0 0 ${plan.width.toFixed(0)} ${plan.height.toFixed(0)}`,
                width: plan.width.toFixed(0),
                role: "img",
                "aria-label": says(topology),
            },
            lines,
            symbols,
            labels,
            titles,
        );
        return {picture, lines};
    }

    function says(topology) {
        const counts = new Map();
        topology.nodes.forEach(node => counts.set(node.kind, (counts.get(node.kind) || 0) + 1));
        const parts = [...counts].map(([kind, count]) => `${count} ${kWords[kind] || format.words(kind)}`);
        return `${parts.join(", ")}, joined by ${topology.links.length} links; the heat of a line is how busy the link's busier direction was.`;
    }

    function key(topology) {
        const kinds = [...new Set(topology.nodes.map(node => node.kind))];
        return el(
            "div.legend",
            kinds.map(kind =>
                el(
                    "span.key",
                    svg(
                        "svg",
                        {width: 30, height: 18, viewBox: "-15 -9 30 18", class: "topology", "aria-hidden": "true"},
                        symbol({kind, name: ""}, {x: 0, y: 0}),
                    ),
                    kWords[kind] || format.words(kind),
                ),
            ),
        );
    }

    function table(topology) {
        const rows = topology.links.map(link => ({
            ...link,
            from: topology.nodes[link.a].name,
            to: topology.nodes[link.b].name,
        }));
        return Report.table({
            caption: "Links of the picture",
            rows,
            limit: 12,
            sort: {column: 4, descending: true},
            columns: [
                {title: "from", key: "from"},
                {title: "to", key: "to"},
                {title: "class", key: "class"},
                {title: "per direction", key: "bandwidth_bytes_per_s", kind: "bandwidth"},
                {title: "busy there", key: "ab", kind: "share", bar: true},
                {title: "busy back", key: "ba", kind: "share", bar: true},
            ],
        });
    }

    function figure(topology) {
        const {picture, lines} = draw(topology);
        const classes = [...new Set(topology.links.map(link => link.class))];
        const choice =
            classes.length < 2
                ? null
                : Report.dom.select("Links", [["", "all classes"], ...classes], "", wanted =>
                      lines.forEach(line => {
                          line.style.display = wanted === "" || line.dataset.class === wanted ? "" : "none";
                      }),
                  );
        const node = el(
            "figure.drawing",
            el("div.scroll", picture),
            key(topology),
            el("p.says", says(topology)),
            details("Links as a table", table(topology)),
        );
        const paint = top =>
            lines.forEach(line => {
                line.style.stroke = colours.heat(line.dataset.load / top);
            });
        return {node, choice, paint};
    }

    return {figure};
})();
