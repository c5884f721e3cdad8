// The page of a comparison: by how much the runs differ, for which causes, and what differs in their input.
Report.comparison_page = (() => {
    const {el, section, details, select} = Report.dom;
    const {format} = Report;
    const {text} = format;

    class Comparison {
        constructor(data) {
            this.all = data.comparison;
            this.runs = this.all.runs;
            this.reference = this.all.reference || 0;
            this.metrics = new Map((this.all.metrics || data.metrics || []).map(metric => [metric.name, metric]));
            this.results = (this.all.results || []).map(one => one && (one.result || one));
        }
        others() {
            return this.runs.map((_, i) => i).filter(i => i !== this.reference);
        }
        kind(name) {
            return this.metrics.has(name)
                ? format.kind_of(this.metrics.get(name))
                : /_ps$/.test(name)
                  ? "time"
                  : "number";
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
        const base = runs[reference].total_ps;
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
                    {title: "workload", key: "workload", class: "prose"},
                    {
                        title: "levels",
                        value: run =>
                            typeof run.levels === "string" ? run.levels : Report.about.fidelity_text(run.levels),
                    },
                    {title: "time", csv: "total_ps", key: "total_ps", kind: "time", bar: true},
                    {
                        title: "of reference",
                        csv: "of_reference",
                        value: run => run.total_ps / base,
                        kind: "ratio",
                        show: run => format.times(run.total_ps / base),
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
            const total = comparison.runs[i].total_ps - comparison.runs[comparison.reference].total_ps;
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
        const rows = names.map(name => ({name, values: comparison.runs.map(run => (run.figures || {})[name])}));
        const show = (row, i) => text(row.values[i], comparison.kind(row.name));
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
                    {
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

    function time_section(comparison) {
        const {kTitles, kOrder} = Report.run_workloads;
        const lines = comparison.results
            .map((result, i) => {
                const step = result && (result.training || result.inference);
                if (!step || !comparison.runs[i]) return null;
                return {
                    name: run_name(comparison, i),
                    note: text(step.step_time_ps, "time"),
                    whole: step.step_time_ps,
                    parts: kOrder
                        .filter(kind => step.time_per_card[kind])
                        .map(kind => ({name: kTitles[kind], kind, value: step.time_per_card[kind].mean_ps})),
                };
            })
            .filter(Boolean);
        if (lines.length < 2) return null;
        return section(
            "Where the time goes",
            "time",
            Report.bars.rows(lines, Math.max(...lines.map(line => line.whole)), "time"),
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
                            {title: "group", value: row => format.words(row.name)},
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
                rows,
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

    function operators_section(comparison) {
        const operators = comparison.all.operators || [];
        if (!operators.length) return null;
        const change = row =>
            comparison
                .others()
                .reduce(
                    (most, i) =>
                        Math.max(most, Math.abs((row.values[i] || 0) - (row.values[comparison.reference] || 0))),
                    0,
                );
        const rows = [...operators].sort((a, b) => change(b) - change(a));
        return section(
            "Operators",
            "operators",
            Report.table({
                caption: "Time of operators, mean over cards; the largest differences first",
                rows,
                limit: 12,
                columns: [{title: "operator", key: "name"}, ...comparison.columns("time", row => row.values)],
            }),
        );
    }

    function inputs_section(comparison) {
        const inputs = comparison.all.inputs || [];
        if (!inputs.length)
            return section("What differs in the input", "inputs", el("p", "Nothing: the runs have the same input."));
        const shown = value =>
            value === null || value === undefined
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

    function build(data) {
        const comparison = new Comparison(data);
        const {all, runs, reference} = comparison;
        const top = Report.run_page.head({
            title: all.title || "Comparison",
            kind: "Comparison of runs",
            headline: all.headline,
            verdict: (all.verdict || []).map(Report.run_words.sentence),
            warnings: all.warnings,
            pairs: [
                ["runs", runs.map(run => run.name).join(", ")],
                ["reference", runs[reference].name],
            ],
            figures: runs.map((run, i) => [
                run.name,
                text(run.total_ps, "time"),
                i === reference
                    ? "reference"
                    : `${format.times(run.total_ps / runs[reference].total_ps)} the reference's time`,
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
                operators_section(comparison),
                inputs_section(comparison),
                Report.about.assumed_section(all.assumed),
            ],
            foot: Report.about.footer(data.manifest, "comparison.json in the same folder holds every figure."),
        };
    }

    return {build};
})();
