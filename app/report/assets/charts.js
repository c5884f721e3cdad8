// Charts of Chart.js, in the page's colours. A chart is a figure: caption, a legend of buttons that show and hide, the
// canvas with a text that says what it shows, and the same figures as a table for those who do not see it.
//
//     Report.charts.figure({type: "line", title, says, x: {title, kind, log}, y: {title, kind, log},
//                           series: [{name, points: [{x, y, lines: ["..."]}]}]})
//     Report.charts.draw()      after the figure stands in the page
Report.charts = (() => {
    const {el, tip} = Report.dom;
    const {format, colours} = Report;
    let figures = []; // {canvas, options, chart}

    function axis_options(axis, values, is_x) {
        const unit = format.column(values, axis.kind || "number");
        const scale = unit.cell && unit.unit !== undefined && unit.factor ? unit : {factor: 1, unit: ""};
        const label = value =>
            axis.kind === "share" ? `${format.figure(value * 100)}` : format.figure(value / scale.factor);
        const suffix = axis.kind === "share" ? "%" : scale.unit;
        const mixed = scale.unit === "" && ["time", "size", "bandwidth"].includes(axis.kind);
        const options = {
            type: axis.categories ? "category" : axis.log ? "logarithmic" : "linear",
            labels: axis.categories,
            beginAtZero: Boolean(axis.zero),
            title: {
                display: Boolean(axis.title),
                text: suffix && !mixed ? `${axis.title} (${suffix})` : axis.title,
                color: colours.css("--ink"),
            },
            grid: {
                color: colours.css("--grid"),
                borderColor: colours.css("--frame"),
                display: !is_x || !axis.categories,
            },
            ticks: {color: colours.css("--ink-soft"), maxRotation: 50, autoSkip: true},
        };
        if (axis.tick_names) options.ticks.callback = value => axis.tick_names.get(value);
        else if (!axis.categories)
            options.ticks.callback = value => (mixed ? format.text(value, axis.kind) : label(value));
        if (axis.suggestedMax !== undefined) options.suggestedMax = axis.suggestedMax;
        if (axis.max !== undefined) {
            options.max = axis.max;
            options.ticks.includeBounds = false; // an end that is no round figure
        }
        if (axis.min !== undefined) options.min = axis.min;
        if (axis.ticks_at && axis.ticks_at.length <= 14) {
            options.afterBuildTicks = scale_ => {
                scale_.ticks = axis.ticks_at.map(value => ({value}));
            };
            const first = axis.ticks_at[0],
                last = axis.ticks_at[axis.ticks_at.length - 1];
            const room = (last - first) * 0.02; // no marker on the frame
            options.min = axis.log ? first * 0.95 : first - room;
            options.max = axis.log ? last * 1.05 : last + room;
        } else if (axis.log && axis.kind === "size") {
            binary_ticks(options, values);
        } else if (axis.log) {
            const known = values.filter(value => value > 0);
            const room = (Math.max(...known) / Math.min(...known)) ** 0.04; // no marker on the frame
            options.min = Math.min(...known) / room;
            options.max = Math.max(...known) * room;
            options.afterBuildTicks = thin_log_ticks;
        }
        return options;
    }

    // Sizes are powers of two.
    function binary_ticks(options, values) {
        const known = values.filter(value => value > 0);
        const low = Math.floor(Math.log2(Math.min(...known))),
            high = Math.ceil(Math.log2(Math.max(...known)));
        const step = Math.max(1, Math.ceil((high - low) / 8));
        const ticks = [];
        for (let power = low; power <= high; power += step) ticks.push({value: 2 ** power});
        options.min = 2 ** (low - 0.3);
        options.max = 2 ** (high + 0.3);
        options.afterBuildTicks = scale => {
            scale.ticks = ticks;
        };
        options.ticks.callback = value => format.text(value, "size");
    }

    // Chart.js would label 1, 2, 3 ... 9 of every decade.
    function thin_log_ticks(scale) {
        const decades = Math.log10(scale.max / scale.min);
        const leading = decades > 3 ? [1] : [1, 2, 5];
        scale.ticks = scale.ticks.filter(tick =>
            leading.includes(Number((tick.value / 10 ** Math.floor(Math.log10(tick.value) + 1e-9)).toFixed(3))),
        );
    }

    function dataset(series, index, options) {
        const colour = series.variable
            ? colours.css(series.variable)
            : colours.series(series.colour === undefined ? index : series.colour);
        const is_scatter = options.type === "scatter";
        const fill = options.type === "bar" || !series.hollow ? colour : "transparent";
        return {
            label: series.name,
            data: series.points,
            parsing: options.type === "bar" ? {xAxisKey: "x", yAxisKey: "y"} : undefined,
            borderColor: colour,
            backgroundColor: fill,
            borderWidth: options.type === "bar" ? 0 : series.width || (is_scatter && !series.joined ? 1 : 2),
            borderDash: series.dash || (is_scatter ? [] : colours.dash(index)),
            pointBackgroundColor: context => (context.raw && context.raw.pale && !series.hollow ? colours.pale(colour) : fill),
            pointBorderColor: context => (context.raw && context.raw.pale ? colours.pale(colour) : colour),
            pointStyle: colours.marker(series.marker === undefined ? index : series.marker),
            pointRadius: series.radius === undefined ? (series.points.length > 60 ? 0 : 3.5) : series.radius,
            pointHoverRadius: 6,
            pointHitRadius: 6,
            showLine: is_scatter ? Boolean(series.joined) : true,
            stepped: series.stepped || false,
            spanGaps: false,
            order: series.order || 0,
            hidden: Boolean(series.hidden),
        };
    }

    function show_tooltip(context, options) {
        const {tooltip, chart} = context;
        if (tooltip.opacity === 0 || !tooltip.dataPoints) return tip.hide();
        const box = chart.canvas.getBoundingClientRect();
        const points = tooltip.dataPoints;
        const x_text = point =>
            options.x.categories
                ? point.label
                : point.raw.x_text || format.text(point.raw.x, options.x.kind || "number");
        const lines = [
            options.type === "scatter"
                ? points[0].raw.title || points[0].dataset.label
                : `${options.x.name || options.x.title}: ${x_text(points[0])}`,
        ];
        for (const point of points.slice(0, 12)) {
            if (options.type === "scatter")
                lines.push(
                    `${options.x.title}: ${x_text(point)}`,
                    `${options.y.title}: ${format.text(point.raw.y, options.y.kind)}`,
                );
            else lines.push(`${point.dataset.label}: ${format.text(point.raw.y, options.y.kind)}`);
            for (const line of point.raw.lines || []) lines.push(line);
            if (options.type === "scatter") break;
        }
        tip.show(box.left + tooltip.caretX, box.top + tooltip.caretY, lines);
    }

    function config(options) {
        const all = options.series.flatMap(series => series.points);
        const is_scatter = options.type === "scatter";
        return {
            type: options.type,
            data: {datasets: options.series.map((series, i) => dataset(series, i, options))},
            options: {
                animation: false,
                responsive: true,
                maintainAspectRatio: false,
                normalized: true,
                interaction: is_scatter
                    ? {mode: "nearest", intersect: true}
                    : {
                          mode: options.x.categories || options.aligned ? "index" : "nearest",
                          intersect: false,
                          axis: "xy",
                      },
                onClick: (_event, elements, chart) => {
                    if (options.pick && elements.length)
                        options.pick(chart.data.datasets[elements[0].datasetIndex].data[elements[0].index]);
                },
                plugins: {
                    legend: {display: false},
                    tooltip: {enabled: false, external: context => show_tooltip(context, options)},
                },
                scales: {
                    x: axis_options(
                        options.x,
                        all.map(point => point.x),
                        true,
                    ),
                    y: axis_options(
                        options.y,
                        all.map(point => point.y),
                        false,
                    ),
                },
            },
        };
    }

    function swatch(series, index) {
        const dash = series.dash || colours.dash(index);
        const line = Report.dom.svg(
            "svg",
            {width: 26, height: 12, viewBox: "0 0 26 12", "aria-hidden": "true"},
            Report.dom.svg("line", {
                x1: 1,
                x2: 25,
                y1: 6,
                y2: 6,
                "stroke-width": 2.5,
                "stroke-dasharray": dash.join(" "),
                style: {
                    stroke: `var(${series.variable || `--series-${(series.colour === undefined ? index : series.colour) % 7}`})`,
                },
            }),
        );
        return line;
    }

    function legend(entry) {
        const {options} = entry;
        if (options.series.length < 2 && !options.legend) return null;
        return el(
            "div.legend",
            {role: "group", "aria-label": "Series"},
            options.series.map((series, index) =>
                el(
                    "button.key",
                    {
                        type: "button",
                        "aria-pressed": String(!series.hidden),
                        onclick: event => {
                            const visible = !entry.chart.isDatasetVisible(index);
                            entry.chart.setDatasetVisibility(index, visible);
                            entry.chart.update("none");
                            series.hidden = !visible;
                            event.currentTarget.setAttribute("aria-pressed", String(visible));
                        },
                    },
                    swatch(series, index),
                    el("span", series.name),
                ),
            ),
        );
    }

    function data_table(options) {
        const rows = options.series.flatMap(series =>
            series.points.filter(point => point.y !== null).map(point => ({series: series.name, ...point})),
        );
        return Report.table({
            caption: options.title,
            rows,
            limit: 12,
            columns: [
                options.series.length > 1 || options.type === "scatter"
                    ? {title: options.series_title || "series", key: "series"}
                    : null,
                options.type === "scatter" ? {title: "point", key: "title"} : null,
                options.x.categories
                    ? {title: options.x.title, key: "x"}
                    : options.x.names
                      ? {title: options.x.name, key: "x_text"}
                      : {title: options.x.title, key: "x", kind: options.x.kind || "number"},
                {title: options.y.title, key: "y", kind: options.y.kind || "number"},
            ],
        });
    }

    function figure(options) {
        const canvas = el("canvas", {role: "img", "aria-label": `${options.title}. ${options.says || ""}`.trim()});
        const entry = {canvas, options, chart: null};
        figures.push(entry);
        const node = el(
            "figure.chart",
            el("figcaption", options.title),
            legend(entry),
            el("div.canvas", {style: {height: `${options.height || 300}px`}}, canvas),
            options.says ? el("p.says", options.says) : null,
            options.table === false ? null : Report.dom.details("Figures as a table", data_table(options)),
        );
        node.report_chart = entry;
        return node;
    }

    function draw() {
        figures = figures.filter(entry => {
            if (entry.canvas.isConnected) return true;
            if (entry.chart) entry.chart.destroy();
            return !entry.chart; // what was never shown may be shown later
        });
        for (const entry of figures) {
            if (!entry.chart && entry.canvas.isConnected) entry.chart = new Chart(entry.canvas, config(entry.options));
        }
    }

    // In other colours: theme or paper.
    function redraw() {
        for (const entry of figures) {
            if (entry.chart) entry.chart.destroy();
            entry.chart = null;
        }
        draw();
    }

    function resize(container) {
        for (const entry of figures) {
            if (entry.chart && container.contains(entry.canvas)) entry.chart.resize();
        }
    }

    Chart.defaults.font.family = "system-ui, sans-serif";
    Chart.defaults.font.size = 12;
    return {figure, draw, redraw, resize};
})();
