// The page of a comparison: by how much the runs differ, for which causes, and what differs in their input.
Report.comparison_page = (() => {
    const {el, section, details} = Report.dom;
    const {format} = Report;
    const {text} = format;

    class Comparison {
        constructor(data) {
            this.all = data.comparison;
            this.runs = this.all.runs;
            this.reference = this.all.reference || 0;
            this.metrics = new Map((this.all.metrics || data.metrics || []).map(metric => [metric.name, metric]));
            this.totals = this.all.total ? this.all.total.values : this.runs.map(run => run.total_ps);
        }
        others() {
            return this.runs.map((_, i) => i).filter(i => i !== this.reference);
        }
        // A figure stands as a number or with its unit.
        figure(run, name) {
            const found = (run.figures || {})[name];
            return found !== null && typeof found === "object"
                ? found
                : {value: found, unit: (this.metrics.get(name) || {}).unit};
        }
        // A column of figures a run, then the differences from the reference.
        columns(kind, values, bars) {
            return [
                ...this.runs.map((run, i) => ({title: run.name, value: row => values(row)[i], kind})),
                ...this.others().map(i => ({
                    title: `${this.others().length > 1 ? `${run_name(this, i)}: ` : ""}difference`,
                    kind,
                    bar: bars,
                    value: row => {
                        const all = values(row);
                        return format.is_number(all[i]) && format.is_number(all[this.reference])
                            ? all[i] - all[this.reference]
                            : null;
                    },
                    show: row => {
                        const all = values(row);
                        return format.is_number(all[i]) && format.is_number(all[this.reference])
                            ? format.signed(all[i] - all[this.reference], kind)
                            : "";
                    },
                })),
            ];
        }
    }
    const run_name = (comparison, i) => comparison.runs[i].name;

    function runs_section(comparison) {
        const {runs, reference} = comparison;
        const base = comparison.totals[reference];
        return section(
            "The runs",
            "runs",
            Report.table({
                caption: `The runs; ${runs[reference].name} is the reference`,
                rows: runs,
                row_class: run => (run === runs[reference] ? "reference" : ""),
                columns: [
                    {title: "run", key: "name"},
                    {title: "cluster", key: "cluster"},
                    {title: "cards", key: "cards", kind: "count"},
                    {title: "what", value: run => run.what || run.workload, class: "prose"},
                    {
                        title: "levels",
                        value: run =>
                            typeof run.levels === "string" ? run.levels : Report.about.fidelity_text(run.levels),
                    },
                    {
                        title: "time",
                        csv: "total_ps",
                        value: run => comparison.totals[runs.indexOf(run)],
                        kind: "time",
                        bar: true,
                    },
                    {
                        title: "of reference",
                        csv: "of_reference",
                        value: run => comparison.totals[runs.indexOf(run)] / base,
                        kind: "ratio",
                        show: run => format.times(comparison.totals[runs.indexOf(run)] / base),
                    },
                ],
            }),
        );
    }

    // The reference, what each cause adds or takes, the other run: bars to both sides of zero that add up.
    function causes_section(comparison) {
        const causes = comparison.all.causes || [];
        if (!causes.length) return null;
        const names = cause => cause.name || format.words(cause.cause);
        const pictures = comparison.others().map(i => {
            const total = comparison.totals[i] - comparison.totals[comparison.reference];
            const lines = causes
                .filter(cause => cause.difference[i] !== 0)
                .map(cause => ({
                    name: names(cause),
                    value: cause.difference[i],
                    note: `${text(cause.values[comparison.reference], "time")} in ${comparison.runs[comparison.reference].name}, ${text(cause.values[i], "time")} in ${run_name(comparison, i)}`,
                }));
            lines.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
            return el(
                "div",
                el("h3", `${run_name(comparison, i)} against ${run_name(comparison, comparison.reference)}`),
                Report.bars.diverging(
                    [...lines, {name: "in all", value: total, total: true}],
                    "time",
                    "takes less",
                    "takes more",
                ),
            );
        });
        return section(
            "What the difference is made of",
            "causes",
            el("div.pair", pictures),
            el("p.says", "Causes add up to the whole difference."),
            details(
                "Causes as a table",
                Report.table({
                    caption: "Time by cause",
                    rows: causes,
                    columns: [{title: "cause", value: names}, ...comparison.columns("time", cause => cause.values)],
                }),
            ),
        );
    }

    function figures_section(comparison) {
        const names = [...new Set(comparison.runs.flatMap(run => Object.keys(run.figures || {})))];
        if (!names.length) return null;
        const rows = names.map(name => {
            const figures = comparison.runs.map(run => comparison.figure(run, name));
            const known = figures.find(figure => figure.unit) || {};
            return {name, unit: known.unit, values: figures.map(figure => figure.value)};
        });
        const kind_of = row => format.kind_of({...comparison.metrics.get(row.name), unit: row.unit});
        const show = (row, i) => text(row.values[i], kind_of(row));
        const ratio = (row, i) =>
            format.is_number(row.values[i]) && row.values[comparison.reference]
                ? row.values[i] / row.values[comparison.reference]
                : null;
        return section(
            "Figures side by side",
            "figures",
            Report.table({
                caption: "Results of the runs",
                rows,
                limit: 30,
                columns: [
                    {title: "result", value: row => format.words(row.name)},
                    ...comparison.runs.map((run, i) => ({
                        title: run.name,
                        value: row => row.values[i],
                        show: row => show(row, i),
                        class: "figure",
                    })),
                    ...comparison.others().map(i => ({
                        title: comparison.others().length > 1 ? `${run_name(comparison, i)}, ratio` : "ratio",
                        value: row => ratio(row, i),
                        show: row => format.times(ratio(row, i)),
                        class: "figure",
                    })),
                    rows.some(row => comparison.metrics.get(row.name)) && {
                        title: "meaning",
                        value: row => {
                            const metric = comparison.metrics.get(row.name);
                            return metric
                                ? `${metric.meaning}${metric.better !== "neither" ? `; ${metric.better} is better` : ""}`
                                : "";
                        },
                        class: "prose",
                    },
                ],
            }),
        );
    }

    // Kinds of work by the words of a cause, for their colours.
    const kKinds = {
        optimizer: "optimizer",
        tensor: "tensor",
        context: "context",
        expert: "expert",
        "pipeline message": "pipeline",
        "data parallel": "data",
        "gradient norm": "model",
        embedding: "model",
        bubble: "bubble",
        kernels: "compute",
    };
    function kind_of_cause(cause) {
        const found = Object.keys(kKinds).find(words => cause.name.includes(words));
        return found ? kKinds[found] : cause.cause || "other";
    }

    function time_section(comparison) {
        const causes = comparison.all.causes || [];
        if (!causes.length) return null;
        const lines = comparison.runs.map((run, i) => ({
            name: run.name,
            note: text(comparison.totals[i], "time"),
            parts: causes.map(cause => ({name: cause.name, kind: kind_of_cause(cause), value: cause.values[i]})),
        }));
        const rescaled = comparison.runs.some(run => format.is_number(run.scale) && run.scale !== 1);
        const note = rescaled ? "Times are scaled to the tokens of the reference." : "";
        return section(
            "Where the time goes",
            "time",
            Report.bars.rows(lines, Math.max(...comparison.totals), "time"),
            el("p.says", note),
        );
    }

    function groups_section(comparison) {
        const groups = comparison.all.groups || [];
        if (!groups.length) return null;
        return section(
            "Communication",
            "groups",
            el(
                "div.pair",
                [
                    ["exposed", "Exposed communication"],
                    ["busy", "Communication in all, hidden or not"],
                ].map(([key, caption]) =>
                    Report.table({
                        caption,
                        rows: groups,
                        columns: [
                            {
                                title: "group",
                                value: row => Report.run_workloads.groups[row.name] || format.words(row.name),
                            },
                            ...comparison.columns("time", row => row[key] || []),
                        ],
                    }),
                ),
            ),
        );
    }

    function links_section(comparison) {
        const links = comparison.all.links || [];
        if (!links.length) return null;
        const rows = links.flatMap(link =>
            comparison.runs.map((run, i) => ({
                tier: link.tier,
                run: run.name,
                bandwidth: (link.bandwidth_bytes_per_s || [])[i],
                mean: (link.mean || [])[i],
                most: (link.most || [])[i],
            })),
        );
        return section(
            "Load of the links",
            "links",
            Report.table({
                caption: "Links by tier and run",
                rows: rows.filter(row => format.is_number(row.bandwidth)), // not every run has every tier
                limit: 24,
                columns: [
                    {title: "tier", key: "tier"},
                    {title: "run", key: "run"},
                    {title: "per direction", csv: "bandwidth_B_per_s", key: "bandwidth", kind: "bandwidth"},
                    {title: "mean busy", key: "mean", kind: "share"},
                    {title: "busiest", key: "most", kind: "share", bar: true},
                ],
            }),
        );
    }

    function inputs_section(comparison) {
        const inputs = comparison.all.inputs || [];
        if (!inputs.length)
            return section("What differs in the input", "inputs", el("p", "Nothing: the runs have the same input."));
        const shown = value =>
            value === null || value === undefined || value === ""
                ? "–"
                : typeof value === "object"
                  ? JSON.stringify(value)
                  : String(value);
        return section(
            "What differs in the input",
            "inputs",
            Report.table({
                caption: `${format.plural(inputs.length, "value")} of the input ${inputs.length === 1 ? "differs" : "differ"}`,
                rows: inputs,
                limit: 20,
                columns: [
                    {title: "path", key: "path", class: "path"},
                    ...comparison.runs.map((run, i) => ({title: run.name, value: row => shown(row.values[i])})),
                ],
            }),
        );
    }

    function algorithms_section(comparison) {
        const rows = comparison.all.algorithms || [];
        if (!rows.length) return null;
        return section(
            "Collective algorithms",
            "algorithms",
            Report.table({
                caption: "Where the runs chose differently",
                rows,
                columns: [
                    {title: "collectives", key: "collectives"},
                    ...comparison.runs.map((run, i) => ({title: run.name, value: row => row.values[i] || "–"})),
                ],
            }),
        );
    }

    // Which runs rest on which assumed value; what they are stands in the reports of the runs.
    function assumed_section(comparison) {
        if (comparison.all.assumed) return Report.about.assumed_section(comparison.all.assumed);
        const paths = [...new Set(comparison.runs.flatMap(run => run.assumed || []))];
        if (!paths.length) return null;
        return section(
            "Assumed values",
            "assumed",
            el("p.says", "A difference rests on what the runs assume; each run's own report has ranges and sources."),
            Report.table({
                caption: "Values of the input that are assumptions",
                rows: paths.map(path => ({path})),
                limit: 10,
                columns: [
                    {title: "path", key: "path", class: "path"},
                    ...comparison.runs.map(run => ({
                        title: run.name,
                        value: row => ((run.assumed || []).includes(row.path) ? "assumed" : "–"),
                    })),
                ],
            }),
        );
    }

    function build(data) {
        const comparison = new Comparison(data);
        const {all, runs, reference} = comparison;
        const top = Report.run_page.head({
            title: all.title || "Comparison",
            kind: "Comparison of runs",
            headline: all.headline,
            verdict: (all.verdict || []).map(Report.run_words.stopped),
            warnings: all.warnings,
            pairs: [
                ["runs", runs.map(run => run.name).join(", ")],
                ["reference", runs[reference].name],
            ],
            figures: runs.map((run, i) => [
                run.name,
                text(comparison.totals[i], "time"),
                i === reference
                    ? "reference"
                    : `${format.times(comparison.totals[i] / comparison.totals[reference])} the reference's time`,
            ]),
        });
        return {
            top,
            sections: [
                causes_section(comparison),
                time_section(comparison),
                runs_section(comparison),
                figures_section(comparison),
                groups_section(comparison),
                links_section(comparison),
                Report.comparison_parts.links_time_section(comparison, data.activities),
                Report.comparison_parts.operators_section(comparison),
                inputs_section(comparison),
                algorithms_section(comparison),
                assumed_section(comparison),
            ],
            foot: Report.about.footer(data.manifest, "comparison.json in the same folder holds every figure."),
        };
    }

    return {build};
})();
