// Links: where the load is (picture and grids), when it is (lines over time), and which are busiest (table).
Report.links = (() => {
    const {el, section, select} = Report.dom;
    const {format, colours} = Report;
    const kFewSpans = 12;

    // One scale for all pictures of the section: up to always busy, or up to the busiest link where all are nearly idle.
    function load_section(activity, reason, note) {
        const topology = activity && activity.topology;
        if (!topology || !(topology.tiers || []).length) return section("Load of the links", "load", el("p", reason));
        const most = (list, of) => (list || []).reduce((largest, one) => Math.max(largest, of(one) || 0), 0);
        const busiest = Math.max(
            most(topology.tiers, tier => tier.most),
            most(topology.links, link => Math.max(link.ab, link.ba)),
        );
        const drawing = topology.nodes && topology.nodes.length ? Report.topology_drawing.figure(topology) : null;
        const grids = Report.load_grid.tiers(topology.tiers);
        const now = {measure: "most", top: busiest > 0 && busiest < 0.5 ? busiest : 1};
        const legend = el("span");
        const paint = () => {
            colours.forget();
            grids.paint(now.measure, now.top);
            if (drawing) drawing.paint(now.top || busiest || 1);
            legend.replaceChildren(
                colours.heat_legend("0 %", now.top ? format.percent(now.top) : "busiest of the tier", "busy"),
            );
        };
        const scales = [
            [1, "up to 100 %"],
            busiest > 0 && busiest < 1 ? [busiest, `up to the busiest link, ${format.percent(busiest)}`] : null,
            grids.count > 1 ? [0, "each tier up to its busiest"] : null,
        ].filter(Boolean);
        const rescale = value => {
            now.top = Number(value);
            paint();
        };
        const scale = scales.length > 1 ? select("Scale", scales, now.top, rescale) : null;
        const measure = grids.count
            ? select(
                  "Cells show",
                  [
                      ["most", "their busiest link"],
                      ["mean", "their mean"],
                  ],
                  "most",
                  value => {
                      now.measure = value;
                      paint();
                  },
              )
            : null;
        const node = section(
            "Load of the links",
            "load",
            el(
                "p.says",
                `${format.plural(topology.cards, "card")} in ${format.plural(topology.servers, "server")}. Busy is the time during which a direction of a link was sending, of the whole ${format.text(activity.elapsed_ps, "time")}; links that never sent count as 0.${note || ""}`,
            ),
            el("div.tools.controls", drawing && drawing.choice, measure, scale, legend),
            drawing && drawing.node,
            grids.node,
        );
        node.classList.add("themed");
        node.addEventListener("report-theme", paint);
        Report.after_mount(paint);
        return node;
    }

    // Few spans are drawn as what they are, each from its begin to its end; a line between two means would say more.
    function over_time(series, bucket, end) {
        const values = series || [];
        if (values.length >= kFewSpans) return values.map((value, i) => ({x: (i + 0.5) * bucket, y: value}));
        return values.flatMap((value, i) => [
            {x: i * bucket, y: value},
            {x: Math.min((i + 1) * bucket, end), y: value},
        ]);
    }

    function time_section(activity, reason) {
        const time = activity && activity.links_over_time;
        if (!time || !(time.classes || []).length)
            return section(
                "Links over time",
                "links-time",
                el("p", (activity && activity.no_links_over_time) || reason),
            );
        const bucket = time.bucket_ps;
        const active = time.classes.filter(one => (one.most || []).some(value => value > 0));
        const x = {title: "time", kind: "time"},
            y = {title: "busy", kind: "share", zero: true};
        const chart = (title, pick, says) =>
            Report.charts.figure({
                type: "scatter",
                title,
                says,
                x: {...x, min: 0, max: activity.elapsed_ps},
                y: {...y},
                height: 240,
                table: false,
                series: active.map((one, i) => ({
                    name: one.name,
                    points: over_time(one[pick], bucket, activity.elapsed_ps).map(point => ({...point, title: one.name})),
                    joined: true,
                    radius: bucket_radius(time),
                    colour: i,
                    dash: colours.dash(i),
                })),
            });
        const idle = time.classes.filter(one => !active.includes(one)).map(one => one.name);
        const rows = active.map(one => ({
            name: one.name,
            links: one.links,
            mean: average(one.mean),
            most: Math.max(...one.most),
            at: one.most.indexOf(Math.max(...one.most)) * bucket,
        }));
        return section(
            "Links over time",
            "links-time",
            active.length
                ? el(
                      "div.pair",
                      chart(
                          "Mean of all links of a class",
                          "mean",
                          `Each point is the mean over ${format.text(bucket, "time")}.`,
                      ),
                      chart("Busiest link of a class", "most", "At each time the link that is busiest then."),
                  )
                : el("p", "No link carried anything."),
            active.length
                ? Report.table({
                      caption: "Link classes",
                      rows,
                      columns: [
                          {title: "class", key: "name"},
                          {title: "link directions", key: "links", kind: "count"},
                          {title: "mean", key: "mean", kind: "share"},
                          {title: "busiest at any time", key: "most", kind: "share", bar: true},
                          {title: "from", key: "at", kind: "time"},
                      ],
                  })
                : null,
            busiest_chart(activity, time),
            idle.length ? el("p.says", `Idle throughout: ${idle.join(", ")}.`) : null,
        );
    }

    const bucket_radius = time => (time.classes[0].most.length < kFewSpans ? 2 : 0);

    function average(list) {
        return list.length ? list.reduce((sum, value) => sum + value, 0) / list.length : 0;
    }

    function busiest_chart(activity, time) {
        if (!(time.busiest || []).length) return null;
        return Report.dom.details(
            "The busiest links one by one",
            Report.charts.figure({
                type: "scatter",
                title: "Busiest links of the whole run",
                x: {title: "time", kind: "time", min: 0, max: activity.elapsed_ps},
                y: {title: "busy", kind: "share", zero: true},
                height: 240,
                table: false,
                says: "Over the whole run these carried most for their bandwidth.",
                series: time.busiest.map((link, i) => ({
                    name: `${link.from} → ${link.to}`,
                    joined: true,
                    radius: bucket_radius(time),
                    colour: i,
                    dash: colours.dash(i),
                    points: over_time(link.use, time.bucket_ps, activity.elapsed_ps).map(point => ({
                        ...point,
                        title: `${link.from} → ${link.to}`,
                    })),
                })),
            }),
        );
    }

    function busiest_section(result) {
        const links = result.links || [];
        if (!links.length) return null;
        const packets = result.fidelity.network === "packet";
        const used = result.links_used || links.length;
        return section(
            "Busiest links",
            "links",
            Report.table({
                caption: `${format.grouped(links.length, 0)} busiest of ${format.plural(used, "link direction")} that carried anything`,
                rows: links,
                limit: 10,
                columns: [
                    {title: "from", key: "from"},
                    {title: "to", key: "to"},
                    {title: "class", key: "class"},
                    {title: "per direction", csv: "bandwidth_B_per_s", key: "bandwidth_bytes_per_s", kind: "bandwidth"},
                    {title: "busy", csv: "utilisation", key: "utilisation", kind: "share", bar: true},
                    {title: "carried", csv: "bytes", key: "bytes", kind: "size"},
                    packets
                        ? {title: "longest wait", csv: "longest_wait_ps", key: "longest_wait_ps", kind: "time"}
                        : null,
                ],
            }),
            el("p.says", "links.csv in the same folder holds them all."),
        );
    }

    return {load_section, time_section, busiest_section, over_time, bucket_radius};
})();
