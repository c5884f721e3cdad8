// The page of a sweep: what is best and by how much, what matters, then plots and every point.
Report.sweep_page = (() => {
    const {el, section} = Report.dom;
    const {format} = Report;

    function axes_section(data) {
        const rows = data.axes.map(axis => ({
            name: axis.name,
            role: axis.role || "design",
            count: axis.values.length,
            values: axis.values.join(", "),
        }));
        return section(
            "Axes",
            "axes",
            Report.table({
                caption: "What was varied",
                rows,
                columns: [
                    {title: "axis", key: "name"},
                    {title: "role", key: "role"},
                    {title: "values", key: "count", kind: "count"},
                    {title: "which", key: "values", class: "prose"},
                ],
            }),
        );
    }

    const uncertainty_sentence = uncertainty => Report.uncertainty.ranking_sentence(uncertainty);

    function build({sweep, manifest}) {
        const data = new Report.sweep_data.SweepData(sweep);
        const analysis = sweep.analysis || {};
        const failed = data.all.filter(i => !data.ran(i)).length;
        const designs = ((analysis.ranking && analysis.ranking.designs) || []).length;
        const top = Report.run_page.head({
            title: sweep.title || sweep.name,
            kind: "Result of a sweep",
            pairs: [
                [
                    "points",
                    `${format.grouped(data.count, 0)}: ${format.grouped(data.count - failed, 0)} ran, ${format.grouped(failed, 0)} failed`,
                ],
                ["axes", data.axes.filter(axis => axis.values.length > 1).map(axis => `${axis.name} (${axis.values.length})`).join(" × ")],
                ["designs", designs ? format.grouped(designs, 0) : null],
                [
                    "objectives",
                    data.objectives
                        .map(name => {
                            const metric = data.metric(name);
                            return `${metric.title}${metric.better === "neither" ? "" : `, ${metric.better} is better`}`;
                        })
                        .join("; "),
                ],
                ["constraints", data.constraints.join("; ")],
            ],
            headline: analysis.headline || `${format.plural(data.count - failed, "point")} ran.`,
            // Warnings stand below in full.
            verdict: [
                ...(analysis.verdict || []).filter(one => !/^\d+ warnings?[,:]/.test(one)),
                uncertainty_sentence(sweep.uncertainty),
            ]
                .filter(Boolean)
                .map(Report.run_words.stopped),
            warnings: analysis.warnings,
        });
        const tables = Report.sweep_tables,
            plots = Report.sweep_plots;
        const uncertainty = Report.uncertainty;
        const any = data.metrics.length > 0 && data.count > failed;
        const sections = [
            Report.sweep_ranking.ranking_section(data, analysis),
            tables.knees_section(data, analysis),
            tables.effects_section(data, analysis),
            uncertainty.sweep_section(sweep.uncertainty, data),
            Report.sweep_filter.of_sweep(data),
            any && plots.lines_section(data),
            any && plots.heat_section(data),
            any && plots.scatter_section(data),
            tables.points_section(data),
            tables.failed_section(data),
            axes_section(data),
            Report.about.assumed_section(sweep.assumed),
        ];
        const page = {
            top,
            sections,
            foot: Report.about.footer(
                manifest,
                "sweep.csv and sweep.json in the same folder hold every figure; each point can be run again by itself (docs/sweeps.md).",
            ),
        };
        page.sections.forEach(one => {
            if (one && one.id === "filter") one.report_data = data;
        });
        return page;
    }

    return {build};
})();
