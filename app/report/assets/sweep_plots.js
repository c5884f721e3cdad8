// Plots over the points that the filter lets through: lines over an axis, a heat map of two axes, one metric against another.
Report.sweep_plots = (() => {
    const {el, section, select, tip} = Report.dom;
    const {format, colours} = Report;
    const kPanelsMost = 12,
        kSeriesMost = 14;
    const kNone = "";
    const kHow = [
        ["best", "the best"],
        ["mean", "the mean"],
        ["worst", "the worst"],
    ];

    // A section whose picture follows its controls and the filter. `make(now)` gives the picture.
    function live(data, title, id, says, controls, now, make) {
        const place = el("div.live");
        const draw = () => {
            place.replaceChildren(...[make(now)].flat().filter(Boolean));
            Report.charts.draw();
        };
        const node = section(
            title,
            id,
            el("p.says", says),
            el(
                "div.tools.controls",
                controls.map(([key, label, options]) =>
                    select(label, options, now[key], value => {
                        now[key] = value;
                        draw();
                    }),
                ),
            ),
            place,
        );
        data.on_filter(draw);
        node.classList.add("themed");
        node.addEventListener("report-theme", () => {
            if (node.dataset.repaint) draw();
        });
        Report.after_mount(draw);
        node.report_state = now;
        return node;
    }

    const axis_options = (data, none) => [
        ...(none ? [[kNone, none]] : []),
        ...data.axes.filter(axis => axis.values.length > 1).map(axis => [axis.name, axis.name]),
    ];
    const axis_of = (data, name) => data.axes.find(axis => axis.name === name);

    function others_text(data, used, how, metric) {
        const free = data.axes.filter(
            axis => axis.values.length > 1 && !used.includes(axis) && !(metric.of_design && axis.role === "load"),
        );
        if (!free.length) return "";
        const word = metric.better === "neither" ? "the mean" : kHow.find(([key]) => key === how)[1];
        return ` Over ${free.map(axis => axis.name).join(", ")}: ${word} of what the filter leaves.`;
    }

    function group(points, key) {
        const groups = new Map();
        for (const i of points) {
            const at = key(i);
            if (!groups.has(at)) groups.set(at, []);
            groups.get(at).push(i);
        }
        return groups;
    }

    function x_axis(data, axis, points) {
        if (!axis.is_numeric)
            return {
                title: axis.name,
                categories: axis.values.filter((_, i) => points.some(p => data.choice(p, axis) === i)),
            };
        const numbers = [...new Set(points.map(i => axis.numbers[data.choice(i, axis)]))].sort((a, b) => a - b);
        const names = new Map(axis.values.map((label, i) => [axis.numbers[i], label]));
        const log = numbers[0] > 0 && numbers[numbers.length - 1] / numbers[0] >= 4;
        // "100 GB/s", "200 GB/s": the unit stands at the axis.
        const parts = axis.values.map(label => label.match(/^([\d.,]+) ?(\D*)$/));
        const unit = parts.every(Boolean) && new Set(parts.map(part => part[2])).size === 1 ? parts[0][2] : null;
        if (unit) parts.forEach((part, i) => names.set(axis.numbers[i], part[1]));
        return {
            name: axis.name,
            title: unit ? `${axis.name} (${unit})` : axis.name,
            kind: "number",
            log,
            ticks_at: numbers,
            tick_names: numbers.length <= 14 ? names : null,
            names,
        };
    }

    function series_of(data, points, x, series, metric, how) {
        const groups = series ? group(points, i => data.choice(i, series)) : new Map([[0, points]]);
        return [...groups]
            .sort((a, b) => a[0] - b[0])
            .map(([index, members]) => {
                const by_x = [...group(members, i => data.choice(i, x))].sort((a, b) =>
                    x.is_numeric ? x.numbers[a[0]] - x.numbers[b[0]] : a[0] - b[0],
                );
                return {
                    name: series ? series.values[index] : metric.title,
                    colour: index,
                    marker: index,
                    dash: colours.dash(index),
                    points: by_x.map(([at, there]) => {
                        const one = data.together(there, metric, how);
                        return {
                            x: x.is_numeric ? x.numbers[at] : x.values[at],
                            x_text: x.values[at],
                            y: one ? one.value : null,
                            pale: Boolean(one && data.left_early(one.i)),
                            lines: one && one.count > 1 ? [`of ${one.count} points, point ${data.number(one.i)}`] : [],
                        };
                    }),
                };
            });
    }

    function lines_picture(data, now) {
        const metric = data.metric(now.metric),
            x = axis_of(data, now.x),
            series = axis_of(data, now.series),
            panel = axis_of(data, now.panel);
        const points = data.shown().filter(i => data.value(i, metric.name) !== null);
        if (!points.length) return el("p.empty", "No point that the filter lets through has this figure.");
        const panels = panel
            ? [...group(points, i => data.choice(i, panel))].sort((a, b) => a[0] - b[0])
            : [[null, points]];
        const used = [x, series, panel].filter(Boolean);
        const charts = panels.slice(0, kPanelsMost).map(([index, members]) => {
            const lines = series_of(data, members, x, series === x ? null : series, metric, now.how);
            const title = `${metric.title} over ${x.name}${panel ? `, ${panel.name} ${panel.values[index]}` : ""}`;
            return Report.charts.figure({
                type: "line",
                title,
                series_title: series ? series.name : "series",
                x: x_axis(data, x, members),
                y: {title: metric.title, kind: metric.kind === "ratio" ? "number" : metric.kind, zero: metric.kind === "share"},
                aligned: x.is_numeric,
                series: lines.slice(0, kSeriesMost),
                height: panels.length > 1 ? 260 : 340,
            });
        });
        const left_out = panels.length - charts.length;
        return [
            el(charts.length > 1 ? "div.pair" : "div", charts),
            el(
                "p.says",
                `${metric.meaning ? `${metric.title}: ${metric.meaning}.` : ""}${others_text(data, used, now.how, metric)}${left_out > 0 ? ` ${format.plural(left_out, "panel")} left out: filter to see them.` : ""}`,
            ),
        ];
    }

    // Axes that a picture of lines starts with: across, lines, panels.
    function first_axes(data) {
        const designs = data.axes_by_effect();
        const varied = [...designs, ...data.axes.filter(axis => axis.role === "load" && axis.values.length > 1)];
        // Along numbers, unless choices change far more than they do.
        const most = designs.length ? data.effect_of(designs[0]) : 0;
        const x = designs.find(axis => axis.is_numeric && data.effect_of(axis) >= 0.25 * most) || varied[0];
        const rest = varied.filter(axis => axis !== x);
        const series = rest.find(axis => axis.role !== "load" && axis.values.length <= kSeriesMost) || rest[0];
        const panel = rest.find(axis => axis !== series && axis.role === "load") || null;
        return {x, series, panel};
    }

    // The one picture beside the ranking: how good designs are along the axis that changes most.
    function main_picture(data) {
        const {x, series} = first_axes(data);
        if (!x || x.role === "load") return null;
        const metric = data.first_metric(true);
        const points = data.all.filter(i => data.ran(i) && data.value(i, metric.name) !== null);
        if (!points.length) return null;
        const tells = axis => x.is_numeric || data.effect_of(axis) >= 0.1 * data.effect_of(x);
        const lines_of = series && series.role !== "load" && tells(series) ? series : null;
        const lines = series_of(data, points, x, lines_of, metric, "best");
        const ratio = metric.kind === "ratio" ? ", times the reference" : "";
        const stages = points.some(i => data.left_early(i)) ? " Paler: left at an earlier stage." : "";
        const made = Report.charts.figure({
            type: x.is_numeric ? "line" : "bar",
            title: `${metric.title} ${x.is_numeric ? "over" : "by"} ${x.name}${lines_of ? `, by ${lines_of.name}` : ""}`,
            series_title: lines_of ? lines_of.name : "series",
            x: x_axis(data, x, points),
            y: {
                title: `${metric.title}${ratio}`,
                kind: metric.kind === "ratio" ? "number" : metric.kind,
                zero: !x.is_numeric || metric.better === "higher",
            },
            aligned: x.is_numeric,
            series: lines.slice(0, kSeriesMost),
            height: 300,
            table: false,
        });
        const used = [x, lines_of].filter(Boolean);
        const free = data.axes_by_effect().filter(axis => !used.includes(axis));
        const over = free.length ? `Over ${free.map(axis => axis.name).join(", ")}: the best.` : "";
        return el("div", made, over || stages ? el("p.says", `${over}${stages}`.trim()) : null);
    }

    function lines_section(data) {
        const {x, series, panel} = first_axes(data);
        if (!x) return null;
        const now = {
            metric: data.first_metric(false).name,
            x: x.name,
            series: series ? series.name : kNone,
            panel: panel ? panel.name : kNone,
            how: "best",
        };
        return live(
            data,
            "Along an axis",
            "lines",
            "Choose a result and the axis it is drawn over.",
            [
                ["metric", "Result", data.metric_options()],
                ["x", "Across", axis_options(data)],
                ["series", "Lines", axis_options(data, "one line")],
                ["panel", "Panels", axis_options(data, "one panel")],
                ["how", "Other axes", kHow],
            ],
            now,
            state => lines_picture(data, state),
        );
    }

    function cell(data, metric, one, best, scale, format_cell) {
        if (!one) return el("td.none", format.none);
        const heat = scale(one.value);
        const is_best = metric.better !== "neither" && one.value === best;
        const node = el(
            `td.heat${is_best ? ".best" : ""}${data.left_early(one.i) ? ".pale" : ""}`,
            {
                tabindex: "-1",
                "data-value": one.value,
                style: {background: colours.heat(heat), color: colours.ink_on(heat)},
            },
            format_cell(one.value),
        );
        tip.attach(node, () => [
            format.text(one.value, metric.kind),
            data.name(one.i),
            `point ${data.number(one.i)}${one.count > 1 ? `, of ${one.count}` : ""}`,
            data.left_early(one.i) ? `left at stage ${data.stages[data.stage(one.i)]}` : null,
        ]);
        return node;
    }

    function heat_picture(data, now) {
        const metric = data.metric(now.metric),
            rows = axis_of(data, now.rows),
            columns = axis_of(data, now.columns);
        if (rows === columns) return el("p.empty", "Choose two different axes.");
        const points = data.shown().filter(i => data.value(i, metric.name) !== null);
        if (!points.length) return el("p.empty", "No point that the filter lets through has this figure.");
        const grid = new Map(
            [...group(points, i => `${data.choice(i, rows)}/${data.choice(i, columns)}`)].map(([at, members]) => [
                at,
                data.together(members, metric, now.how),
            ]),
        );
        const values = [...grid.values()].filter(Boolean).map(one => one.value);
        const low = values.reduce((a, b) => Math.min(a, b)),
            high = values.reduce((a, b) => Math.max(a, b));
        const log = low > 0 && high / low > 20;
        const best = metric.better === "higher" ? high : low;
        const place = value =>
            high === low ? 0.5 : log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        const unit = format.column(values, metric.kind);
        const allowed = axis =>
            axis.values.map((label, i) => ({label, i})).filter(one => data.allowed[axis.index].has(one.i));
        const named = `${metric.title}${unit.unit && unit.unit !== "×" ? `, ${unit.unit}` : ""}`;
        const table = el(
            "table.heatmap",
            el("caption", `${named}: ${rows.name} down, ${columns.name} across`),
            el(
                "thead",
                el(
                    "tr",
                    el("th", {scope: "col"}, rows.name),
                    allowed(columns).map(one => el("th", {scope: "col"}, one.label)),
                ),
            ),
            el(
                "tbody",
                allowed(rows).map(row =>
                    el(
                        "tr",
                        el("th", {scope: "row"}, row.label),
                        allowed(columns).map(column =>
                            cell(data, metric, grid.get(`${row.i}/${column.i}`), best, place, unit.cell),
                        ),
                    ),
                ),
            ),
        );
        const side =
            metric.better === "lower"
                ? ["best", "worst"]
                : metric.better === "higher"
                  ? ["worst", "best"]
                  : ["least", "most"];
        return [
            el("div.scroll", {tabindex: "0", role: "region", "aria-label": "Heat map"}, table),
            colours.heat_legend(
                `${format.text(low, metric.kind)} (${side[0]})`,
                `${format.text(high, metric.kind)} (${side[1]})${log ? ", logarithmic" : ""}`,
                "",
            ),
            el("p.says", others_text(data, [rows, columns], now.how, metric).trim()),
        ];
    }

    function heat_section(data) {
        const varied = data.axes.filter(axis => axis.values.length > 1);
        if (varied.length < 2) return null;
        const design = data.axes_by_effect();
        const pair = (design.length >= 2 ? design : varied).slice(0, 2);
        const [rows, columns] = pair[0].is_numeric && !pair[1].is_numeric ? [pair[1], pair[0]] : pair; // numbers across
        const now = {metric: data.first_metric(true).name, rows: rows.name, columns: columns.name, how: "best"};
        const node = live(
            data,
            "Heat map of two axes",
            "heat",
            "A cell is one combination.",
            [
                ["metric", "Result", data.metric_options()],
                ["rows", "Down", axis_options(data)],
                ["columns", "Across", axis_options(data)],
                ["how", "Other axes", kHow],
            ],
            now,
            state => heat_picture(data, state),
        );
        node.dataset.repaint = "yes";
        return node;
    }

    // The first point of every choice on the axes of designs.
    function one_a_design(data, points) {
        const axes = data.axes.filter(axis => axis.role !== "load");
        return [...group(points, i => axes.map(axis => data.choice(i, axis)).join("/")).values()].map(all => all[0]);
    }

    function scatter_picture(data, now) {
        const x = data.metric(now.x),
            y = data.metric(now.y),
            colour = axis_of(data, now.colour);
        const both = data.shown().filter(i => data.value(i, x.name) !== null && data.value(i, y.name) !== null);
        const points = x.of_design && y.of_design ? one_a_design(data, both) : both;
        if (!points.length)
            return el(
                "p.empty",
                "No point that the filter lets through has both figures: results of two loads meet in their gains only.",
            );
        const rated = x.better !== "neither" && y.better !== "neither" && x !== y;
        const last = points.filter(i => !data.left_early(i)); // figures of two stages do not compare
        const front = rated ? data.front(last.length ? last : points, x, y) : [];
        const plain = i => ({
            x: data.value(i, x.name),
            y: data.value(i, y.name),
            title: `point ${data.number(i)}${data.left_early(i) ? `, left at stage ${data.stages[data.stage(i)]}` : ""}`,
            pale: data.left_early(i),
            lines: data.axes.map(axis => `${axis.name}: ${data.label(i, axis)}`),
        });
        const groups = colour
            ? [...group(points, i => data.choice(i, colour))].sort((a, b) => a[0] - b[0]).slice(0, kSeriesMost)
            : [[null, points]];
        const series = groups.map(([index, members], n) => ({
            name: colour ? colour.values[index] : "points",
            colour: index || 0,
            marker: index || 0,
            points: members.map(plain),
            radius: members.length > 300 ? 2.5 : 4,
            order: 2 + n,
        }));
        if (front.length)
            series.unshift({
                name: "Pareto front",
                variable: "--ink",
                points: front.map(plain),
                joined: true,
                radius: 7,
                hollow: true,
                marker: 0,
                width: 1.5,
                order: 1,
                stepped: false,
            });
        const range = metric => {
            const all = points.map(i => data.value(i, metric.name));
            const least = Math.min(...all);
            return least > 0 && Math.max(...all) / least > 50;
        };
        const chart = Report.charts.figure({
            type: "scatter",
            title: `${y.title} against ${x.title}`,
            x: {title: x.title, kind: x.kind, log: range(x)},
            y: {title: y.title, kind: y.kind, log: range(y)},
            series,
            height: 380,
            legend: true,
            table: false,
            says: front.length
                ? `On the front: ${format.plural(front.length, "point")} that no other shown${last.length < points.length ? " of the last stage" : ""} beats in both.`
                : "One of the two is neither better high nor low, so there is no front.",
        });
        const rows = front.map(i => ({
            point: data.number(i),
            x: data.value(i, x.name),
            y: data.value(i, y.name),
            ...Object.fromEntries(data.axes.map(axis => [`axis ${axis.name}`, data.label(i, axis)])),
        }));
        return [
            chart,
            front.length
                ? Report.table({
                      caption: "The front",
                      rows,
                      limit: 10,
                      columns: [
                          {title: "point", key: "point", kind: "count"},
                          ...data.axes.map(axis => ({title: axis.name, key: `axis ${axis.name}`})),
                          {title: x.title, csv: x.column || x.name, key: "x", kind: x.kind},
                          {title: y.title, csv: y.column || y.name, key: "y", kind: y.kind},
                      ],
                  })
                : null,
        ];
    }

    function scatter_section(data) {
        if (data.metrics.length < 2) return null;
        const fronts = (data.sweep.analysis || {}).fronts || [];
        const first = fronts.find(front => data.metric(front.x) && data.metric(front.y));
        const loads = data.design_metrics.slice(2);
        const good = data.ordered_metrics().filter(metric => metric.better !== "neither");
        // What designs are judged by, against what it costs: two results of speed say the same.
        const prices = [...(data.sweep.constraints || []).map(Report.sweep_data.name_of), "cost", "memory_share", "power"];
        const price = prices.map(name => data.metric(name)).find(metric => metric && metric !== good[0]);
        const [a, b] =
            loads.length >= 2
                ? [loads[0], loads[loads.length - 1]]
                : good.length && price
                  ? [good[0], price]
                  : good.length >= 2
                    ? good
                    : data.ordered_metrics();
        const design = data.axes.find(
            axis =>
                axis.role !== "load" && !axis.is_numeric && axis.values.length > 1 && axis.values.length <= kSeriesMost,
        );
        const now = {x: first ? first.x : a.name, y: first ? first.y : b.name, colour: design ? design.name : kNone};
        return live(
            data,
            "One result against another",
            "pareto",
            data.design_metrics.length
                ? "Every design by its gains at two loads, or every point by two of its results; the ring marks what no other beats in both."
                : "Every point; the ring marks what no other beats in both.",
            [
                ["x", "Across", data.metric_options()],
                ["y", "Up", data.metric_options()],
                ["colour", "Colour", axis_options(data, "one colour")],
            ],
            now,
            state => scatter_picture(data, state),
        );
    }

    return {main_picture, lines_section, heat_section, scatter_section};
})();
